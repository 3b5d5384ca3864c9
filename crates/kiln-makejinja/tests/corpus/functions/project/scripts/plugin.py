import base64, ipaddress, json, re
from pathlib import Path
import makejinja

def basename(value): return Path(value).stem
def nthhost(value, query):
    try:
        network = ipaddress.ip_network(value, strict=False)
        if 0 <= query < network.num_addresses:
            return str(network[query])
    except ValueError:
        pass
    return False
def age_key(key_type, file_path="age.key"):
    text = open(file_path).read().strip()
    pattern = {"public": r"# public key: (age1[\w]+)", "private": r"(AGE-SECRET-KEY-[\w]+)"}[key_type]
    return re.search(pattern, text).group(1)
def cloudflare_tunnel_id(file_path="cloudflare-tunnel.json"):
    return json.load(open(file_path))["TunnelID"]
def cloudflare_tunnel_secret(file_path="cloudflare-tunnel.json"):
    data = json.load(open(file_path))
    token = {"a": data["AccountTag"], "t": data["TunnelID"], "s": data["TunnelSecret"]}
    return base64.b64encode(json.dumps(token, separators=(",", ":")).encode()).decode()
def github_deploy_key(file_path="github-deploy.key"): return open(file_path).read().strip()
def github_push_token(file_path="github-push-token.txt"): return open(file_path).read().strip()
def deploy_key(file_path="deploy.key"): return open(file_path).read().strip()
def webhook_token(file_path="flux-webhook-token.txt"): return open(file_path).read().strip()
def talos_patches(value):
    path = Path(f"templates/config/talos/patches/{value}")
    return [str(f) for f in sorted(path.glob("*.yaml.j2")) if f.is_file()] if path.is_dir() else []
def infrastructure_enabled(data): return bool(data.get("proxmox_api_url") and data.get("proxmox_node"))

class Plugin(makejinja.plugin.Plugin):
    def __init__(self, data): self._data = data
    def filters(self): return [basename, nthhost]
    def functions(self):
        return [age_key, cloudflare_tunnel_id, cloudflare_tunnel_secret, github_deploy_key, github_push_token,
                deploy_key, webhook_token, talos_patches, infrastructure_enabled]
    def data(self): return self._data
