//! The projects of makejinja: what kiln leaves behind is what makejinja left behind when it was
//! asked. `cargo xtask interop makejinja` asks again.

use std::path::Path;

use crate::harness::Sandbox;

#[allow(clippy::disallowed_methods, reason = "tests lay out their own files and look at them")]
#[path = "../../../../xtask/src/interop/makejinja/project.rs"]
pub(crate) mod project;

use project::Project;

#[test]
fn every_project_ends_as_makejinja_ended_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kiln-makejinja/tests/corpus/projects");
    let kiln = Path::new(env!("CARGO_BIN_EXE_kiln"));
    let projects = Project::all(&folder).expect("the projects can be read");
    assert!(projects.len() > 140);
    let mut wrong = Vec::new();
    let differing = projects.iter().filter(|(_, project)| project.differs.is_some()).count();
    assert!(differing < 10, "kiln is to do what makejinja does");
    for (name, project) in projects {
        let sandbox = Sandbox::empty();
        let expected = Project::recorded(&folder, &name).expect("it is recorded");
        let found = project.run(&[kiln, Path::new("makejinja")], sandbox.root()).expect("kiln can be run");
        if found != expected {
            wrong.push(format!("{name}: {}\nexpected {expected:#?}\nfound {found:#?}", project.about));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
