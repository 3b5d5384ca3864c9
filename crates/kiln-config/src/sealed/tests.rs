use super::*;

/// Says what the file says, or why not.
struct Fixed(Result<&'static str, Place>);

impl Opener for Fixed {
    fn open(&self, _: &str, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let finding = Box::new(Diagnostic::warning("load.no-identity", "no key"));
        match &self.0 {
            Ok(text) => Ok(Zeroizing::new(text.as_bytes().to_vec())),
            Err(place) => Err(Unopened { finding, place: place.clone(), is_locked: true }),
        }
    }
}

const FILE: &str = "a: ENC[AES256_GCM,data:x,type:str]\nb:\n  - ENC[AES256_GCM,data:x,type:comment]\n  \
    - c: ENC[AES256_GCM,data:x,type:int]\n  - c: 1\nsops: {mac: x}\n";

/// The tree, what is shown of the file, and the findings with line and column.
fn joined(opener: &Fixed) -> (String, String, Vec<String>) {
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let source = sources.add("a.sops.yaml", FILE);
    let node = read("a.sops.yaml", source, opener, Resolution::Core, &mut sources, &mut sink);
    let place = |it: &Diagnostic| {
        let at = sources.position(it.span().source, it.span().start);
        format!("{} {}:{}", it.code, at.line, at.column)
    };
    let tree = node.map_or("none".to_owned(), |node| format!("{:?}", node.value));
    (tree, sources.masked_text(source), sink.iter().map(place).collect())
}

#[test]
fn values_come_from_the_decrypted_text_and_places_from_the_file() {
    let (tree, shown, found) = joined(&Fixed(Ok("a: hunter2\nb:\n  - c: 7\n  - c: 1\n")));
    assert_eq!(tree, r#"{"a": <secret a>, "b": [{"c": 7}, {"c": 1}]}"#);
    assert!(
        shown.starts_with("a: *****") && shown.contains("\n  - c: ***") && shown.contains("\n  - c: 1\n")
    );
    assert_eq!(found, [""; 0]);
}

#[test]
fn without_a_key_the_rest_is_had() {
    let (tree, _, found) = joined(&Fixed(Err(Place::Value(vec!["sops".to_owned(), "mac".to_owned()]))));
    assert_eq!(tree, r#"{"a": <invalid>, "b": [{"c": <invalid>}, {"c": 1}]}"#);
    assert_eq!(found, ["load.no-identity 6:8"]);
}

#[test]
fn of_several_values_that_may_be_meant_the_first_is_shown() {
    let at = |keys: &[&str]| {
        let keys = keys.iter().map(|&key| key.to_owned()).collect();
        joined(&Fixed(Err(Place::Value(keys)))).2.remove(0)
    };
    assert_eq!(at(&["b", "c"]), "load.no-identity 4:5");
    assert_eq!(at(&["b", "d"]), "load.no-identity 1:1");
    assert_eq!(joined(&Fixed(Err(Place::Line(5)))).2, ["load.no-identity 5:1"]);
}

#[test]
fn a_decrypted_text_of_another_form_is_refused() {
    for text in ["a: x\nb: []\n", "a: x\n", "a: {x: 1}\nb: [{c: 7}, {c: 1}]\n", "a: [\n", "x\n"] {
        let (tree, _, found) = joined(&Fixed(Ok(text)));
        assert_eq!(tree, "none", "{text}");
        assert_eq!(found.len(), 1, "{text}");
        assert!(found[0].starts_with("load.sops-other-form"), "{text}: {found:?}");
    }
}
