import makejinja
from helpers import age_key, basename


class Other:
    def functions(self):
        return [something_else]


class Plugin(makejinja.plugin.Plugin):
    def data(self):
        return self._data

    def functions(self):
        return [age_key]

    def filters(self): 
        return (basename,)
