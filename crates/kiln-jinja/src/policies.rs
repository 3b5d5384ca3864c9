//! The policies of an environment.

use std::sync::Arc;

use kiln_python::{Dict, Fault, Py, Result};

/// Settings of an environment that change what filters do; the names and defaults are Jinja2's.
#[derive(Clone, Debug)]
pub struct Policies {
    /// `truncate.leeway`.
    pub truncate_leeway: i64,
    /// `urlize.rel`; Jinja2's default is `noopener`.
    pub urlize_rel: Option<String>,
    /// `urlize.target`.
    pub urlize_target: Option<String>,
    /// `urlize.extra_schemes`.
    pub urlize_extra_schemes: Vec<String>,
    /// `json.dumps_kwargs`: `sort_keys`.
    pub json_sort_keys: bool,
    /// `json.dumps_kwargs`: `ensure_ascii`.
    pub json_ensure_ascii: bool,
    /// `json.dumps_kwargs`: `indent`.
    pub json_indent: Py,
    /// `json.dumps_function`: what makes JSON instead of `json.dumps`.
    pub json_function: Option<Py>,
    /// `json.dumps_kwargs` as that function gets them.
    pub json_arguments: Vec<(Arc<str>, Py)>,
    /// `ext.i18n.trimmed`.
    pub i18n_trimmed: bool,
}

impl Default for Policies {
    fn default() -> Policies {
        Policies {
            truncate_leeway: 5,
            urlize_rel: Some("noopener".to_owned()),
            urlize_target: None,
            urlize_extra_schemes: Vec::new(),
            json_sort_keys: true,
            json_ensure_ascii: true,
            json_indent: Py::None,
            json_function: None,
            json_arguments: vec![("sort_keys".into(), Py::Bool(true))],
            i18n_trimmed: false,
        }
    }
}

impl Policies {
    /// Sets a policy by Jinja2's name for it. One that nothing here looks at changes nothing.
    ///
    /// # Errors
    /// `TypeError` for a value that the policy cannot have.
    pub fn set(&mut self, name: &str, value: &Py) -> Result<()> {
        match name {
            "truncate.leeway" => self.truncate_leeway = integer(name, value)?,
            "urlize.rel" => self.urlize_rel = text(value)?,
            "urlize.target" => self.urlize_target = text(value)?,
            "urlize.extra_schemes" => self.urlize_extra_schemes = texts(value)?,
            "json.dumps_function" => {
                self.json_function = Some(value.clone()).filter(|value| !matches!(value, Py::None));
            }
            "json.dumps_kwargs" => self.set_json_arguments(value)?,
            "ext.i18n.trimmed" => self.i18n_trimmed = value.truth()?,
            _ => {}
        }
        Ok(())
    }

    /// All policies by Jinja2's names for them.
    pub(crate) fn entries(&self) -> Vec<(Arc<str>, Py)> {
        let text = |text: &Option<String>| text.as_deref().map_or(Py::None, Py::str);
        let schemes = self.urlize_extra_schemes.iter().map(|scheme| Py::str(scheme.as_str()));
        let arguments = Dict::default();
        for (name, value) in &self.json_arguments {
            arguments.insert(Py::Str(Arc::clone(name)), value.clone()).expect("a text can be a key");
        }
        let schemes = if schemes.len() == 0 { Py::None } else { Py::list(schemes.collect()) };
        let entries = [
            ("compiler.ascii_str", Py::Bool(true)),
            ("urlize.rel", text(&self.urlize_rel)),
            ("urlize.target", text(&self.urlize_target)),
            ("urlize.extra_schemes", schemes),
            ("truncate.leeway", Py::Int(self.truncate_leeway)),
            ("json.dumps_function", self.json_function.clone().unwrap_or(Py::None)),
            ("json.dumps_kwargs", Py::Dict(arguments)),
            ("ext.i18n.trimmed", Py::Bool(self.i18n_trimmed)),
        ];
        entries.into_iter().map(|(name, value)| (name.into(), value)).collect()
    }

    fn set_json_arguments(&mut self, value: &Py) -> Result<()> {
        let Py::Dict(arguments) = value.plain()? else { return Err(wrong("json.dumps_kwargs", value)) };
        (self.json_sort_keys, self.json_ensure_ascii, self.json_indent) = (false, true, Py::None);
        self.json_arguments.clear();
        for (name, value) in arguments.entries() {
            let name: Arc<str> = name.as_str().ok_or_else(|| wrong("json.dumps_kwargs", &name))?.into();
            match &*name {
                "sort_keys" => self.json_sort_keys = value.truth()?,
                "ensure_ascii" => self.json_ensure_ascii = value.truth()?,
                "indent" => self.json_indent = value.clone(),
                _ => {}
            }
            self.json_arguments.push((name, value));
        }
        Ok(())
    }

    /// The names of `json.dumps_kwargs` that only a function of a project's own understands.
    pub(crate) fn unknown_json_argument(&self) -> Option<&str> {
        let is_known = |name: &str| matches!(name, "sort_keys" | "ensure_ascii" | "indent");
        self.json_arguments.iter().map(|(name, _)| &**name).find(|name| !is_known(name))
    }
}

fn integer(name: &str, value: &Py) -> Result<i64> {
    value.as_index().ok_or_else(|| wrong(name, value))
}

fn text(value: &Py) -> Result<Option<String>> {
    Ok(if value.truth()? { Some(value.to_str()?.to_string()) } else { None })
}

fn texts(value: &Py) -> Result<Vec<String>> {
    if matches!(value, Py::None) {
        return Ok(Vec::new());
    }
    value.collect()?.iter().map(|item| Ok(item.to_str()?.to_string())).collect()
}

fn wrong(name: &str, value: &Py) -> Fault {
    Fault::type_error(format!("the policy `{name}` cannot be of type `{}`", value.type_name()))
}
