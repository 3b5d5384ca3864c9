use super::*;

/// One line per event: `line:column kind text`, where text is what the range covers.
fn listing(text: &str) -> Vec<String> {
    let describe = |event: &Event| {
        let kind = match &event.kind {
            EventKind::DocumentStart { explicit } => format!("document explicit={explicit}"),
            EventKind::DocumentEnd => "end".into(),
            EventKind::Alias(name) => format!("alias {name}"),
            EventKind::Scalar { value, style, tag, anchor } => {
                let tag = tag.as_deref().map(|it| format!(" <{it}>")).unwrap_or_default();
                let anchor = anchor.as_deref().map(|it| format!(" &{it}")).unwrap_or_default();
                format!("{style:?} {value:?}{tag}{anchor}")
            }
            EventKind::SequenceStart { .. } => "[".into(),
            EventKind::SequenceEnd => "]".into(),
            EventKind::MappingStart { .. } => "{".into(),
            EventKind::MappingEnd => "}".into(),
            EventKind::Comment { text, inline } => format!("comment {text:?} inline={inline}"),
        };
        format!("{}:{} {kind} = {:?}", event.line, event.column, &text[event.start..event.end])
    };
    events(text).unwrap().iter().map(describe).collect()
}

#[test]
fn ranges_are_bytes_and_columns_are_characters() {
    let text = "\u{feff}ä: ö # ü\nb: \"é\"\n";
    assert_eq!(
        listing(text),
        [
            "1:1 document explicit=false = \"\"",
            "1:2 { = \"\"",
            "1:2 Plain \"ä\" = \"ä\"",
            "1:5 Plain \"ö\" = \"ö\"",
            "1:7 comment \" ü\" inline=true = \"# ü\"",
            "2:1 Plain \"b\" = \"b\"",
            "2:4 DoubleQuoted \"é\" = \"\\\"é\\\"\"",
            "2:7 } = \"\"",
            "2:7 end = \"\"",
        ]
    );
}

#[test]
fn anchors_tags_and_empty_values_are_named() {
    let text = "- &a !!str 1\n- *a\n- *b\n- \n- !x ''\n";
    let values: Vec<String> = listing(text).into_iter().filter(|it| !it.contains('{')).collect();
    assert_eq!(
        values,
        [
            "1:1 document explicit=false = \"\"",
            "1:1 [ = \"\"",
            "1:12 Plain \"1\" <tag:yaml.org,2002:str> &a = \"1\"",
            "2:3 alias a = \"*a\"",
            "3:3 alias b = \"*b\"",
            "4:3 Plain \"\" = \"\"",
            "5:6 SingleQuoted \"\" <!x> = \"''\"",
            "5:8 ] = \"\"",
            "5:8 end = \"\"",
        ]
    );
}

#[test]
fn a_block_scalar_reaches_from_its_header_to_its_last_line() {
    let text = "a: | # why\r\n  x\r\n  y\r\n\r\n# c\r\nb: >-\n\n  z\nc: |\n";
    let scalars: Vec<String> =
        listing(text).into_iter().filter(|it| it.contains("Literal") || it.contains("Folded")).collect();
    assert_eq!(
        scalars,
        [
            "1:4 Literal \"x\\ny\\n\" = \"| # why\\r\\n  x\\r\\n  y\"",
            "6:4 Folded \"\\nz\" = \">-\\n\\n  z\"",
            "9:4 Literal \"\" = \"|\"",
        ]
    );
}

#[test]
fn documents_are_separated() {
    let kinds: Vec<EventKind> =
        events("a\n---\nb\n...\n# end\n").unwrap().into_iter().map(|it| it.kind).collect();
    let documents = kinds.iter().filter(|it| matches!(it, EventKind::DocumentStart { .. })).count();
    assert_eq!(documents, 2);
    assert!(matches!(kinds.last(), Some(EventKind::Comment { inline: false, .. })));
    assert!(events("").unwrap().is_empty());
}

#[test]
fn a_run_of_many_comments_is_read() {
    let text = format!("a: 1\n{}b: 2\n", "# c\n".repeat(500));
    assert_eq!(events(&text).unwrap().len(), 500 + 8);
}

fn error_at(text: &str) -> (&'static str, &str, &'static str) {
    let error = events(text).unwrap_err();
    (error.code, &text[error.start..], error.message)
}

#[test]
fn a_syntax_error_points_at_its_cause() {
    assert_eq!(error_at("a: [1 2\n"), ("load.yaml-syntax", "[1 2\n", "this `[` is never closed"));
    assert_eq!(error_at("ä: \"x\nb: 3\n"), ("load.yaml-syntax", "\"x\nb: 3\n", "this quote is never closed"));
    assert_eq!(error_at("a: b: c\n"), ("load.yaml-syntax", ": c\n", "a `:` where no key can be"));
    assert_eq!(error_at("a:\n\t- b\n").2, "a tab where YAML wants spaces");
}

#[test]
fn an_error_inside_brackets_names_the_bracket_above() {
    let text = "a: [1, 2\nb: 3\n";
    let error = events(text).unwrap_err();
    assert_eq!(error.opened, Some(text.find('[').unwrap()));
    assert_eq!(events("a: [b: c: d]\n").unwrap_err().opened, None);
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(events(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(error_at(&nested(MAX_DEPTH + 1)).0, "load.too-deep");
    let mixed = format!("{}[{}]", "- ".repeat(100), "[".repeat(50) + &"]".repeat(50));
    assert_eq!(error_at(&mixed).0, "load.too-deep");
}
