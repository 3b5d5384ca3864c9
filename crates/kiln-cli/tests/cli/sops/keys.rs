//! Where keys are found.

use super::Safe;
use crate::harness::Ran;

/// Decrypts with these variables, and nothing else of an environment.
fn opens(safe: &Safe, variables: &[(&str, &str)]) -> Ran {
    opens_in(safe, ".", variables)
}

fn opens_in(safe: &Safe, folder: &str, variables: &[(&str, &str)]) -> Ran {
    let mut command = safe.sandbox.command(&["sops", "decrypt", "a.yaml"]);
    command.env("PATH", "/usr/bin:/bin").env("HOME", safe.path("home")).current_dir(safe.path(folder));
    command.envs(variables.iter().copied()).output().expect("kiln was built").into()
}

#[test]
fn every_place_that_sops_knows_gives_a_key() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: 1\n");
    assert_eq!(opens(&safe, &[]).code, 128);
    let key = safe.sandbox.read("keys/first");
    let line = key.lines().last().expect("a key file ends with the key").to_owned();
    let file = safe.path("keys/first").display().to_string();
    let print = format!("cat '{file}'");
    let both = format!("{} {line}", safe.sandbox.read("keys/second").lines().last().unwrap_or_default());
    let places: [(&str, &str); 4] = [
        ("SOPS_AGE_KEY", &line),
        ("SOPS_AGE_KEY", &both),
        ("SOPS_AGE_KEY_FILE", &file),
        ("SOPS_AGE_KEY_CMD", &print),
    ];
    for place in places {
        let ran = opens(&safe, &[place]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, "a: 1\n"), "{}: {}", place.0, ran.stderr);
    }
    let folder = if cfg!(target_os = "macos") { "home/Library/Application Support" } else { "home/.config" };
    safe.sandbox.write(&format!("{folder}/sops/age/keys.txt"), &key);
    assert_eq!(opens(&safe, &[]).code, 0);
    safe.sandbox.write("own/sops/age/keys.txt", &safe.sandbox.read("keys/second"));
    let own = safe.path("own").display().to_string();
    assert_eq!(opens(&safe, &[("XDG_CONFIG_HOME", &own)]).code, 128);
}

#[test]
fn a_key_of_ssh_opens_what_is_encrypted_to_it() {
    let safe = Safe::new();
    let made = safe.sandbox.kiln(&["init", "project"]);
    assert_eq!(made.code, 0, "{}", made.text());
    let public = safe.sandbox.read("project/github-deploy.key.pub");
    safe.done(&[
        "--config",
        "/dev/null",
        "encrypt",
        "--age",
        public.trim(),
        "--output",
        "a.yaml",
        "plain.yaml",
    ]);
    let key = safe.path("project/github-deploy.key").display().to_string();
    let print = format!("cat '{key}'");
    assert_eq!(opens(&safe, &[("SOPS_AGE_SSH_PRIVATE_KEY_FILE", &key)]).code, 0);
    assert_eq!(opens(&safe, &[("SOPS_AGE_SSH_PRIVATE_KEY_CMD", &print)]).code, 0);
    assert_eq!(opens(&safe, &[]).code, 128);
    safe.sandbox.write("home/.ssh/id_ed25519", &safe.sandbox.read("project/github-deploy.key"));
    assert_eq!(opens(&safe, &[]).code, 0);
}

#[test]
fn the_key_of_a_project_opens_its_files() {
    let safe = Safe::new();
    let sealed = safe.sealed("a.yaml", "a: 1\n");
    safe.sandbox.write("deeper/a.yaml", &sealed);
    safe.sandbox.write("age.key", &safe.sandbox.read("keys/first"));
    assert_eq!(opens(&safe, &[]).code, 128, "a folder is no project without kiln.toml");
    safe.sandbox.write("kiln.toml", "");
    assert_eq!(opens(&safe, &[]).code, 0);
    assert_eq!(opens_in(&safe, "deeper", &[]).code, 0);
}

#[test]
fn a_command_is_asked_for_the_key_of_a_recipient_and_only_if_it_has_to_be() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: 1\n");
    let script = safe.script("ask", "echo \"$SOPS_AGE_RECIPIENT\" >> asked; cat keys/first");
    let ran = opens(&safe, &[("SOPS_AGE_KEY_CMD", &script)]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(safe.sandbox.read("asked").trim(), safe.recipients[0]);
    let file = safe.path("keys/first").display().to_string();
    opens(&safe, &[("SOPS_AGE_KEY_CMD", &script), ("SOPS_AGE_KEY_FILE", &file)]);
    assert_eq!(safe.sandbox.read("asked").lines().count(), 1);
}

#[test]
fn a_command_that_fails_is_named_but_not_shown() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: 1\n");
    for (line, why) in
        [("sh -c 'exit 3' hunter2", "exit status 3"), ("no-such-program hunter2", "cannot be started")]
    {
        let ran = opens(&safe, &[("SOPS_AGE_KEY_CMD", line)]);
        let said = ran.stderr.replace("\n      | ", " ");
        assert!(ran.code == 128 && said.contains("SOPS_AGE_KEY_CMD") && said.contains(why), "{}", ran.stderr);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
}
