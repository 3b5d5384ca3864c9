import ipaddress
import re
from pathlib import Path
from typing import Any

import makejinja


def basename(value: str) -> str:
    return Path(value).stem


def nthhost(value: str, query: int) -> str:
    network = ipaddress.ip_network(value, strict=False)
    return str(network[query]) if 0 <= query < network.num_addresses else ""


def age_key(kind: str, path: str = "age.key") -> str:
    text = Path(path).read_text(encoding="utf-8")
    found = re.search(r"(age1\w+)" if kind == "public" else r"(AGE-SECRET-KEY-\w+)", text)
    if not found:
        raise ValueError(f"there is no {kind} key in {path}")
    return found.group(1)


class Plugin(makejinja.plugin.Plugin):
    def __init__(self, data: dict[str, Any]):
        self._data = data

    def data(self) -> makejinja.plugin.Data:
        data = self._data
        data.setdefault("node_default_gateway", nthhost(data["node_cidr"], 1))
        data.setdefault("cluster_dns_addr", nthhost(data["cluster_svc_cidr"], 10))
        data["nodes"] = sorted(data["nodes"], key=lambda node: ipaddress.ip_interface(node["address"]))
        return data

    def filters(self) -> makejinja.plugin.Filters:
        return [basename, nthhost]

    def functions(self) -> makejinja.plugin.Functions:
        return [age_key]
