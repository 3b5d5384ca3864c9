//! Reads files, compares artifacts with the disk, and commits a plan.
//!
//! This is the only crate that touches the file system. [`DiskFiles`] answers the stages
//! that read; [`plan`] says what writing a set of artifacts would change, and
//! [`Plan::commit`] does it: all or nothing, with changed files alone, through a journal,
//! temporary files and renames, and the record of what was written ([`LOCK_FILE`]) last.
//! [`recover`] finishes what was cut short, and [`hold`] keeps two runs apart. [`create_new`]
//! lays out a new project, where nothing that is there is ever touched.
//!
//! A plan never sees plain text that has to be encrypted, and never leaves the folder it was
//! given. [`live`] is for runs that do what another program does, and write as they go. Nothing
//! here decides about content.
//!
//! ```
//! use kiln_disk::{Force, Target, plan};
//! use kiln_model::{Artifact, Diagnostics, Rendered, Sources, Span};
//!
//! let folder = tempfile::tempdir()?;
//! let rendered = Rendered::new("a/b.yaml", "x: 1\n", Span::NONE, Vec::new());
//! let artifact = Artifact::clear(&rendered).ok_or("this output holds a secret")?;
//! let target = Target { root: folder.path(), kiln: "0.1.0", pack: "demo 1.0.0", force: Force::Nothing, prune: true,
//!     is_partial: false };
//! let plan = plan(&target, vec![artifact], &mut Sources::new(), &mut Diagnostics::new())?;
//! let receipt = plan.commit()?;
//! assert_eq!((receipt.created, receipt.lock_written), (1, true));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod reader;

mod step;

mod root;

mod new_root;

mod place;

mod lock;

mod record;

mod plan;

mod compare;

mod obstacle;

mod stale;

mod journal;

mod commit;

mod recover;

mod hold;

mod adopt;

mod reset;

mod create;

mod exchange;

mod folders;

mod findings;

mod failure;

pub mod live;

mod private;

mod replace;

mod watch;
pub use commit::{CommitError, Receipt};
pub use create::{create_new, put};
pub use exchange::exchange;
pub use hold::{Held, Hold, Waiting, hold};
pub use lock::LOCK_FILE;
pub use plan::{Action, Change, Force, Plan, PlanError, Reason, Target, plan};
pub use private::{PrivateFolder, wipe};
pub use reader::DiskFiles;
pub use recover::{Recovered, is_interrupted, recover};
pub use replace::replace;
pub use reset::reset;
pub use watch::Watch;
