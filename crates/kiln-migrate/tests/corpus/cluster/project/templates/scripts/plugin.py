import ipaddress
from pathlib import Path

import makejinja


def basename(value):
    """The name without .j2 {["""
    return Path(value).stem


def nthhost(value, query):
    return str(ipaddress.ip_network(value, strict=False)[query])


def cidr_size(value):
    return ipaddress.ip_network(value).num_addresses


class Plugin(makejinja.plugin.Plugin):
    def __init__(self, data):
        self._data = data

    def data(self):
        """Sets what may be left out."""
        data = self._data

        # The first address is the router's.
        data.setdefault('node_default_gateway', nthhost(data.get('node_cidr'), 1))
        data.setdefault("node_dns_servers", ["1.1.1.1", '1.0.0.1'])
        data.setdefault(
            "repository_branch",
            "main",  # as on GitHub
        )
        bgp_keys = ['bgp_router_addr', 'bgp_router_asn']
        bgp_enabled = all(data.get(key) for key in bgp_keys)
        data.setdefault('bgp_enabled', bgp_enabled)
        spegel_enabled = len(data.get('nodes')) > 1
        data.setdefault('spegel_enabled', spegel_enabled)
        data["oidc_enabled"] = bool(data.get("oidc_url") and data.get("oidc_uri"))
        data["dashboards"] = data.get("csi_enabled", False)
        data.setdefault("vlan", "tagged" if data.get("vlan_tag") else "untagged")
        if data.get("loki_enabled"):
            data["loki_mode"] = "single"
        data["names"] = [node["name"] for node in data["nodes"]]
        data["host"] = f"{data['name']}.example.com"
        if "region" not in data:
            data["region"] = "home"
        cnpg_enabled = data.get("cnpg_enabled", False)
        data["cnpg_enabled"] = cnpg_enabled
        data["backup_enabled"] = (
            cnpg_enabled
            and data.get("backup_enabled", False)
        )
        servers = ["1.1.1.1"]
        servers.append(data["dns"])
        data["servers"] = servers
        mode = "dsr"
        if data.get("snat"):
            mode = "snat"
        data.setdefault("mode", mode)
        return data

    def filters(self):
        return [basename, nthhost, cidr_size]

    def functions(self):
        return [
            # nothing but this
            nthhost,
        ]

    def path_filters(self):
        return [self._not_hidden]
