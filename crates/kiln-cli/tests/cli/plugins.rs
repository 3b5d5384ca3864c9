//! Plugins of makejinja, in the `python3` of this machine: what kiln leaves behind is what
//! makejinja left behind when it was asked. `cargo xtask interop plugins` asks again, and also
//! runs the plugins that import more than Python has.

#![allow(clippy::disallowed_methods, reason = "tests lay out their own files and look at them")]

use std::path::Path;

use crate::harness::Sandbox;
use crate::makejinja::project;

#[path = "../../../../xtask/src/interop/plugins/case.rs"]
mod case;

use case::{Case, Recorded};

#[test]
fn every_plugin_does_what_it_does_under_makejinja() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kiln-plugin/tests/corpus");
    let kiln = Path::new(env!("CARGO_BIN_EXE_kiln"));
    let cases = Case::all(&folder).expect("the cases can be read");
    let (mut asked, mut endless, mut wrong) = (0, 0, Vec::new());
    for (name, case) in cases.iter().filter(|(_, case)| case.needs.is_empty()) {
        let sandbox = Sandbox::empty();
        let recorded = Recorded::of(&folder, name).expect("it is recorded");
        // Without the packages of the machine: neither makejinja nor Jinja2 is there.
        let environment = [("KILN_PYTHON", "python3 -S"), ("PYTHONHASHSEED", "0")];
        let (found, complaint) = case
            .project
            .run_in(&[kiln, Path::new("makejinja")], sandbox.root(), &environment)
            .expect("kiln can be run");
        asked += 1;
        endless += usize::from(case.endless);
        // How Python draws a traceback differs from version to version.
        let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        if found != recorded.outcome
            || first(&complaint) != first(&recorded.complaint) && found.exit != Some(0)
        {
            let expected = (&recorded.outcome, &recorded.complaint);
            wrong.push(format!(
                "{name}: {}\nexpected {expected:#?}\nfound {found:#?}\n{complaint}",
                case.project.about
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(asked >= 35 && endless == 1, "{asked} plugins were asked");
}

#[test]
fn a_plugin_that_hangs_ends_with_kiln() {
    let sandbox = Sandbox::empty();
    let root = sandbox.root();
    let plugin = "import os, pathlib\n\n\ndef hang():\n    pathlib.Path('pid.new').write_text(str(os.getpid()))\n    \
                  os.rename('pid.new', 'pid')\n    while True:\n        pass\n\n\nclass Plugin:\n    \
                  def functions(self):\n        return [hang]\n";
    std::fs::write(root.join("plugin.py"), plugin).expect("it can be written");
    std::fs::write(root.join("a.jinja"), "{{ hang() }}").expect("it can be written");
    let mut kiln = std::process::Command::new(env!("CARGO_BIN_EXE_kiln"))
        .args(["makejinja", "-i", "a.jinja", "-o", "out", "-p", "plugin.Plugin"])
        .current_dir(root)
        .spawn()
        .expect("kiln can be started");
    let within = |what: &str, holds: &dyn Fn() -> bool| {
        let tries = std::iter::repeat_n((), 1000);
        let met = tries.map(|()| std::thread::sleep(std::time::Duration::from_millis(20))).any(|()| holds());
        assert!(met, "{what}");
    };
    within("the plugin starts", &|| root.join("pid").exists());
    let pid = std::fs::read_to_string(root.join("pid")).expect("it was written");
    kiln.kill().expect("kiln runs");
    kiln.wait().expect("kiln was killed");
    // Nobody may be there to collect it, so that its remains may stay.
    within("the plugin ends", &|| match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(stat) => stat.contains(") Z "),
        Err(_) => true,
    });
}
