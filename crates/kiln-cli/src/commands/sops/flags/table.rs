//! The table itself.

use super::{Command, Flag, foreign, list, number, switch, text};

const KMS: &str = "AWS KMS";
const GCP: &str = "GCP KMS";
const HUAWEI: &str = "HuaweiCloud KMS";
const AZURE: &str = "Azure Key Vault";
const VAULT: &str = "HashiCorp Vault";
const PGP: &str = "PGP";

const IN_PLACE: Flag = switch("in-place", "write the result over the file instead of printing it").or("i");
const OUTPUT: Flag = text("output", "write the result to this file instead of printing it");
const INPUT_TYPE: Flag =
    text("input-type", "read the file as yaml, json, dotenv, ini or binary, whatever its name says");
const OUTPUT_TYPE: Flag =
    text("output-type", "write as yaml, json, dotenv, ini or binary, whatever the file's name says");
const FILENAME_OVERRIDE: Flag =
    text("filename-override", "choose creation rule and formats as for a file of this name");
const EXTRACT: Flag = text("extract", "give only what stands at a path, such as '[\"key\"][0]'");
const IGNORE_MAC: Flag = switch("ignore-mac", "open the file even if its MAC does not fit");
const AGE: Flag = text("age", "recipients, separated by commas, instead of those of the creation rule")
    .or("a")
    .from("SOPS_AGE_RECIPIENTS");
const THRESHOLD: Flag =
    number("shamir-secret-sharing-threshold", "how many key groups it takes to open the file");
const ORDER: Flag = text("decryption-order", "kinds of keys in the order to try them, separated by commas")
    .from("SOPS_DECRYPTION_ORDER");
const SHOW_KEYS: Flag = switch("show-master-keys", "show the metadata in the editor, too").or("s");
const YES: Flag = switch("yes", "do not ask").or("y");
const USER: Flag = text("user", "run the command as this user");
const BACKGROUND: Flag = switch("background", "do not wait for the command (deprecated)");
const GROUP_FILE: Flag = text("file", "the file whose groups to change").or("f");

/// Which values are encrypted.
const SELECTION: &[Flag] = &[
    text("unencrypted-suffix", "leave values clear whose keys end so"),
    text("encrypted-suffix", "encrypt only values whose keys end so"),
    text("unencrypted-regex", "leave values clear whose keys match"),
    text("encrypted-regex", "encrypt only values whose keys match"),
];

const KEY_SERVICES: &[Flag] = &[
    switch("enable-local-keyservice", "open data keys here; there is no other way in kiln")
        .from("SOPS_ENABLE_LOCAL_KEYSERVICE"),
    list("keyservice", "not supported: kiln opens data keys itself").from("SOPS_KEYSERVICE"),
];

/// Recipients of other kinds.
const FOREIGN: &[Flag] = &[
    foreign("kms", KMS).or("k").from("SOPS_KMS_ARN"),
    text("aws-profile", "not supported: kiln has age keys only"),
    foreign("gcp-kms", GCP).from("SOPS_GCP_KMS_IDS"),
    foreign("hckms", HUAWEI).from("SOPS_HUAWEICLOUD_KMS_IDS"),
    foreign("azure-kv", AZURE).from("SOPS_AZURE_KEYVAULT_URLS"),
    foreign("hc-vault-transit", VAULT).from("SOPS_VAULT_URIS"),
    foreign("pgp", PGP).or("p").from("SOPS_PGP_FP"),
    ENCRYPTION_CONTEXT,
];

const ENCRYPTION_CONTEXT: Flag = text("encryption-context", "not supported: kiln has age keys only");

/// Which recipients come and go.
const CHANGES: &[Flag] = &[
    text("add-age", "add these recipients, separated by commas"),
    text("rm-age", "remove these recipients, separated by commas"),
    foreign("add-gcp-kms", GCP),
    foreign("rm-gcp-kms", GCP),
    foreign("add-hckms", HUAWEI),
    foreign("rm-hckms", HUAWEI),
    foreign("add-azure-kv", AZURE),
    foreign("rm-azure-kv", AZURE),
    foreign("add-kms", KMS),
    foreign("rm-kms", KMS),
    foreign("add-hc-vault-transit", VAULT),
    foreign("rm-hc-vault-transit", VAULT),
    foreign("add-pgp", PGP),
    foreign("rm-pgp", PGP),
];

/// Without a command: the older spellings, and what stands before a command.
pub(in super::super) const ROOT: Command = Command {
    name: "",
    about: "Encrypts, decrypts and edits files with age keys, as sops does",
    arguments: "file",
    flags: &[
        &[
            switch("decrypt", "decrypt a file and print it").or("d"),
            switch("encrypt", "encrypt a file and print it").or("e"),
            switch("rotate", "give a file a new data key").or("r"),
            text("set", "set a value: a path, a blank, and JSON"),
            IN_PLACE,
            OUTPUT,
            EXTRACT,
            INPUT_TYPE,
            OUTPUT_TYPE,
            FILENAME_OVERRIDE,
            SHOW_KEYS,
            IGNORE_MAC,
            switch("mac-only-encrypted", "let the MAC cover only values that are encrypted"),
            text("config", "the file with the creation rules; without it, .sops.yaml is looked for upwards")
                .from("SOPS_CONFIG"),
            number("indent", "columns per level of YAML and JSON"),
            AGE,
        ],
        SELECTION,
        &[
            text("unencrypted-comment-regex", "leave values clear whose comment matches"),
            text("encrypted-comment-regex", "encrypt only values whose comment matches"),
            THRESHOLD,
            ORDER,
            switch("verbose", "taken and not used"),
            switch("disable-version-check", "taken and not used: kiln asks no server")
                .from("SOPS_DISABLE_VERSION_CHECK"),
            switch("check-for-updates", "taken and not used: kiln asks no server"),
            switch("version", "print the version of sops that this is held against").or("v"),
        ],
        CHANGES,
        FOREIGN,
        KEY_SERVICES,
    ],
    examples: &[
        ("Edit a file, or begin a new one", "secrets.sops.yaml"),
        ("Encrypt a file where it stands", "encrypt --in-place secrets.sops.yaml"),
        ("Print what is in it", "decrypt secrets.sops.yaml"),
        ("See what a command takes", "decrypt --help"),
    ],
};

/// The commands, in the order of the help.
pub(in super::super) const COMMANDS: &[Command] = &[
    Command {
        name: "encrypt",
        about: "Encrypts a file, or standard input",
        arguments: "[file]",
        flags: &[
            &[IN_PLACE, OUTPUT, INPUT_TYPE, OUTPUT_TYPE, FILENAME_OVERRIDE, AGE],
            SELECTION,
            &[THRESHOLD],
            FOREIGN,
            KEY_SERVICES,
        ],
        examples: &[
            ("Encrypt a file where it stands", "encrypt --in-place secrets.sops.yaml"),
            ("Encrypt what a program prints", "encrypt --filename-override secrets.sops.json"),
        ],
    },
    Command {
        name: "decrypt",
        about: "Decrypts a file, or standard input",
        arguments: "[file]",
        flags: &[
            &[IN_PLACE, OUTPUT, EXTRACT, INPUT_TYPE, OUTPUT_TYPE, IGNORE_MAC, FILENAME_OVERRIDE, ORDER],
            KEY_SERVICES,
        ],
        examples: &[
            ("Print what is in a file", "decrypt secrets.sops.yaml"),
            ("Print one value", "decrypt --extract '[\"data\"][\"password\"]' secrets.sops.yaml"),
        ],
    },
    Command {
        name: "edit",
        about: "Opens a file in an editor, and encrypts it again",
        arguments: "file",
        flags: &[
            &[INPUT_TYPE, OUTPUT_TYPE, AGE],
            SELECTION,
            &[THRESHOLD, SHOW_KEYS, IGNORE_MAC, ORDER],
            FOREIGN,
            KEY_SERVICES,
        ],
        examples: &[("Edit a file, or begin a new one", "edit secrets.sops.yaml")],
    },
    Command {
        name: "rotate",
        about: "Gives a file a new data key, and perhaps other recipients",
        arguments: "file",
        flags: &[
            &[IN_PLACE, OUTPUT, INPUT_TYPE, OUTPUT_TYPE, FILENAME_OVERRIDE, ORDER, ENCRYPTION_CONTEXT],
            CHANGES,
            KEY_SERVICES,
        ],
        examples: &[
            ("Take a new data key", "rotate --in-place secrets.sops.yaml"),
            ("Take in somebody", "rotate --in-place --add-age age1... secrets.sops.yaml"),
        ],
    },
    Command {
        name: "updatekeys",
        about: "Gives files the recipients that their creation rule names",
        arguments: "file...",
        flags: &[&[YES, INPUT_TYPE], KEY_SERVICES],
        examples: &[("After a change of .sops.yaml", "updatekeys --yes secrets.sops.yaml")],
    },
    Command {
        name: "set",
        about: "Sets a value of a file",
        arguments: "file path [value]",
        flags: &[
            &[
                INPUT_TYPE,
                OUTPUT_TYPE,
                switch("value-file", "the value is the name of a file to read it from"),
                switch("value-stdin", "read the value from standard input"),
                switch("idempotent", "leave the file alone if it has the value already"),
                THRESHOLD,
                IGNORE_MAC,
                ORDER,
            ],
            KEY_SERVICES,
        ],
        examples: &[
            ("Set a value, given as JSON", "set secrets.sops.yaml '[\"data\"][\"user\"]' '\"admin\"'"),
            ("Set it without showing it", "set --value-stdin secrets.sops.yaml '[\"data\"]'"),
        ],
    },
    Command {
        name: "unset",
        about: "Removes a value from a file",
        arguments: "file path",
        flags: &[
            &[
                INPUT_TYPE,
                OUTPUT_TYPE,
                switch("idempotent", "be content if there is no such value"),
                THRESHOLD,
                IGNORE_MAC,
                ORDER,
            ],
            KEY_SERVICES,
        ],
        examples: &[("Remove a value", "unset secrets.sops.yaml '[\"data\"][\"user\"]'")],
    },
    Command {
        name: "filestatus",
        about: "Says whether a file is encrypted, as JSON",
        arguments: "file",
        flags: &[&[INPUT_TYPE]],
        examples: &[("Ask about a file", "filestatus secrets.sops.yaml")],
    },
    Command {
        name: "exec-env",
        about: "Runs a command with the values of a file in its environment",
        arguments: "file command",
        flags: &[
            &[
                BACKGROUND,
                switch("pristine", "give the command nothing of the present environment"),
                USER,
                switch("same-process", "become the command instead of starting it"),
                ORDER,
            ],
            KEY_SERVICES,
        ],
        examples: &[(
            "Run a program that reads its environment",
            "exec-env secrets.sops.env 'program --serve'",
        )],
    },
    Command {
        name: "exec-file",
        about: "Runs a command with the plain text in a pipe or file, named by {}",
        arguments: "file command",
        flags: &[
            &[
                BACKGROUND,
                switch("no-fifo", "use a file instead of a pipe"),
                USER,
                INPUT_TYPE,
                OUTPUT_TYPE,
                text("filename", "the name of the pipe or file, without folders"),
                ORDER,
            ],
            KEY_SERVICES,
        ],
        examples: &[(
            "Hand the plain text to a program",
            "exec-file secrets.sops.yaml 'kubectl apply -f {}'",
        )],
    },
];

/// What stands under `groups`.
pub(in super::super) const GROUPS: &[Command] = &[
    Command {
        name: "add",
        about: "Adds a key group to a file",
        arguments: "",
        flags: &[
            &[
                GROUP_FILE,
                list("age", "a recipient of the new group; may be given several times"),
                IN_PLACE,
                THRESHOLD,
                foreign("pgp", PGP).several(),
                foreign("kms", KMS).several(),
                text("aws-profile", "not supported: kiln has age keys only"),
                foreign("gcp-kms", GCP).several(),
                foreign("hckms", HUAWEI).several(),
                foreign("azure-kv", AZURE).several(),
                foreign("hc-vault-transit", VAULT).several(),
                ENCRYPTION_CONTEXT,
            ],
            KEY_SERVICES,
        ],
        examples: &[(
            "Ask for two groups to open a file",
            "groups add --file secrets.sops.yaml --age age1... --shamir-secret-sharing-threshold 2 --in-place",
        )],
    },
    Command {
        name: "delete",
        about: "Removes a key group from a file",
        arguments: "index",
        flags: &[&[GROUP_FILE, IN_PLACE, THRESHOLD], KEY_SERVICES],
        examples: &[("Remove the second group", "groups delete --file secrets.sops.yaml --in-place 1")],
    },
];

/// Commands of sops that kiln does not have, and what to do instead.
pub(in super::super) const DEPARTED: &[(&str, &str)] = &[
    ("publish", "it hands files to services of clouds"),
    ("keyservice", "kiln opens data keys itself"),
    ("completion", "`kiln completions` prints the completions of kiln"),
];
