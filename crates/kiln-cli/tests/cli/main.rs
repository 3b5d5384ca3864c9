//! The built command, run on copies of projects.

mod harness;

mod corpus;

mod usage;

mod watch;

mod runs;

mod init;

mod did_you_mean;

mod diff;

mod disk;

mod doctor;

mod explain;

mod formats;

mod broken;

mod invalid;

mod makejinja;

mod makejinja_project;

mod plugins;

mod functions;

mod encrypted_inputs;

mod fix;

mod migrate;

mod secrets;

mod sops;

mod why;
