//! `kiln secrets rotate`: gives the files of a tree to another key or to other recipients.

use std::collections::{BTreeMap, BTreeSet};

use kiln_age::{Dialog, Identities, Recipient};
use kiln_model::{Artifact, Diagnostic, Diagnostics, Files, NewFile, Reported, Secret, Sources};
use kiln_sops::{Entrusted, FileKey, Format, MacCheck, Opened, Plain, Policy, Sealed};
use rayon::prelude::*;

use super::findings;
use super::key_file::KeyFile;
use super::rules::{Replacements, replaced};
use super::tree::{RULES, Tree, is_named_so};

/// To whom the files are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// To those whom the creation rules name.
    AsRuled,
    /// To exactly these recipients, in the rules too.
    To(Vec<String>),
    /// To a new key in the place of the project's.
    NewKey {
        /// Whether it is a post-quantum key.
        post_quantum: bool,
        /// Whether the old key goes on opening the files.
        keep_old: bool,
    },
}

/// What a rotation works with.
pub struct RotationRequest<'a> {
    /// The files of the tree.
    pub files: &'a dyn Files,
    /// Every key that may open files; those of the project's key file are added.
    pub identities: &'a Identities,
    /// To whom the files are given.
    pub change: &'a Change,
    /// The time in seconds since 1970.
    pub now: u64,
    /// Answers what plugins and locked keys ask.
    pub dialog: &'a (dyn Dialog + Sync),
}

/// What a rotation would write. Nothing is written yet.
#[derive(Default)]
#[non_exhaustive]
pub struct Rotation {
    /// The files that change, sorted: encrypted files and creation rules. Empty while an error
    /// stands.
    pub artifacts: Vec<Artifact>,
    /// What becomes of each of them.
    pub changes: Vec<(String, Work)>,
    /// How many encrypted files stay as they are.
    pub kept: usize,
    /// What is to be done with the key file; `None` if it stays as it is.
    pub key: Option<NewKey>,
    /// Kubernetes Secrets that hold the old private key.
    pub clusters: Vec<ClusterSecret>,
    /// Recipients that lose the files.
    pub removed: Vec<String>,
    /// Recipients that the files are given to.
    pub added: Vec<String>,
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// All findings.
    pub diagnostics: Diagnostics,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Its data key is wrapped for somebody else too; everything else stays.
    Rewrapped,
    /// It has a new data key, and everything in it is encrypted anew.
    Rotated,
    /// It names other recipients.
    Rules,
}

/// The key file before, during and after the change. Whenever the change is cut short, one file
/// on the disk holds the key that opens each file.
pub struct NewKey {
    /// The path of the key file.
    pub path: String,
    /// A copy of the old key file, to be made first; `None` if there is no old key.
    pub backup: Option<NewFile>,
    /// The key file while files change: it holds the new key and the old one.
    pub meanwhile: Option<NewFile>,
    /// The key file at the end.
    pub last: NewFile,
    /// The key file as it was.
    pub before: Option<NewFile>,
}

/// A Kubernetes Secret that holds the private key of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterSecret {
    /// The file it stands in.
    pub path: String,
    /// Its namespace, if the file says.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The key of its data.
    pub key: String,
}

/// Says what has to be written to give every encrypted file of a tree to somebody else.
///
/// Everything is opened and encrypted in memory first, and opened again with the keys it is for.
/// A file that cannot be opened is an error, and then there is nothing to write.
pub fn rotate(request: &RotationRequest<'_>) -> Rotation {
    let mut done = Rotation::default();
    // `Err` says that an error in the diagnostics kept it from being planned.
    if plan(request, &mut done).is_err() || done.diagnostics.has_errors() {
        let Rotation { sources, diagnostics, .. } = done;
        return Rotation { sources, diagnostics, ..Rotation::default() };
    }
    done
}

fn plan(request: &RotationRequest<'_>, done: &mut Rotation) -> Result<(), Reported> {
    let mut tree = Tree::load(request.files, &mut done.sources, &mut done.diagnostics)?;
    done.diagnostics.check()?;
    let old = KeyFile::of(request.files);
    let swap = Swap::of(request, &old, &tree, &mut done.diagnostics)?;
    let rules = new_rules(&mut tree, &swap, done)?;
    let files = affected(&tree, &swap, done)?;
    let opening = Keys { given: request.identities, own: &old.identities };
    let rewritten: Vec<Result<Rewritten, Box<Diagnostic>>> =
        files.par_iter().map(|file| rewrite(file, &tree, &swap, &opening, request)).collect();
    for (file, outcome) in files.iter().zip(rewritten) {
        match outcome {
            Ok(file_done) => {
                done.changes.push((file.path.clone(), file_done.work));
                done.artifacts.push(file_done.artifact);
                done.clusters.extend(file_done.clusters);
            }
            Err(finding) => _ = done.diagnostics.error(*finding),
        }
    }
    done.diagnostics.check()?;
    for (path, text) in rules {
        done.changes.push((path.clone(), Work::Rules));
        done.artifacts.push(Artifact::copied(path, text.into_bytes()));
    }
    done.changes.sort_by(|(one, _), (other, _)| one.cmp(other));
    (done.removed, done.added) = movements(&files);
    done.key = swap.key(&old, &tree, request, done);
    Ok(())
}

/// How recipients change.
struct Swap {
    change: Change,
    /// The recipients that go, each with what comes instead, for a new key.
    replacements: Replacements,
    /// The new key.
    new: Option<KeyFile>,
    /// The lines of the old private keys, which files may hold a copy of.
    copies: Vec<zeroize::Zeroizing<String>>,
}

impl Swap {
    fn of(
        request: &RotationRequest<'_>,
        old: &KeyFile,
        tree: &Tree<'_>,
        sink: &mut Diagnostics,
    ) -> Result<Swap, Reported> {
        let mut swap = Swap {
            change: request.change.clone(),
            replacements: Replacements::new(),
            new: None,
            copies: Vec::new(),
        };
        match request.change {
            Change::AsRuled => {}
            Change::To(recipients) => {
                for recipient in recipients {
                    if Recipient::parse(recipient).is_err() {
                        return Err(sink.error(findings::no_recipient(recipient)));
                    }
                }
            }
            Change::NewKey { post_quantum, keep_old } => {
                let text = if *post_quantum {
                    kiln_sops::generate_post_quantum(request.now)
                } else {
                    kiln_sops::generate(request.now)
                };
                let text = text.ok_or_else(|| sink.error(findings::no_randomness()))?;
                let new = KeyFile::new(&old.path, Some(Secret::new(old.path.as_str(), text.as_str())));
                let recipient = new.identities.recipients();
                for gone in replaceable(request, old, tree, sink)? {
                    let mut stead: Vec<String> = keep_old.then(|| gone.clone()).into_iter().collect();
                    stead.extend(recipient.iter().cloned());
                    swap.replacements.insert(gone, stead);
                }
                swap.copies = old.private_lines();
                swap.new = Some(new);
            }
        }
        Ok(swap)
    }

    /// The identities that will open the files, and prove their data keys.
    fn identities<'a>(&'a self, opening: &Keys<'a>) -> &'a Identities {
        match &self.new {
            Some(new) => &new.identities,
            None => opening.first(),
        }
    }

    /// The groups that a file gets; `None` if nothing says.
    fn groups(&self, sealed: &Sealed, path: &str, tree: &Tree<'_>) -> Option<(Vec<Vec<String>>, usize)> {
        let own = recipients(sealed);
        match &self.change {
            Change::NewKey { .. } => {
                let groups = own.iter().map(|group| mapped(group, &self.replacements)).collect();
                Some((groups, sealed.threshold()))
            }
            Change::AsRuled | Change::To(_) => match (tree.rule_for(path), &self.change) {
                (Some(rule), _) => {
                    let terms = rule.terms();
                    let names =
                        |group: &Vec<Recipient>| group.iter().map(|it| it.as_str().to_owned()).collect();
                    let groups: Vec<Vec<String>> = terms.groups().iter().map(names).collect();
                    let threshold = if groups.len() > 1 && terms.threshold() == 0 {
                        groups.len()
                    } else {
                        terms.threshold()
                    };
                    Some((groups, threshold))
                }
                (None, Change::To(recipients)) if own.len() == 1 => Some((vec![recipients.clone()], 0)),
                (None, _) => None,
            },
        }
    }

    /// What is to become of the key file.
    fn key(
        &self,
        old: &KeyFile,
        tree: &Tree<'_>,
        request: &RotationRequest<'_>,
        done: &Rotation,
    ) -> Option<NewKey> {
        let private = |path: &str, text: zeroize::Zeroizing<String>| kiln_init::key_file(path, text);
        let as_it_was = || {
            // The old key file is copied as it is.
            old.text.as_ref().map(|text| private(&old.path, text.expose().to_owned().into()))
        };
        let is_rendered = tree.rules.contains_key("") && is_recorded(request.files);
        let ruled = tree.rules.get("").and_then(|rules| common_recipients(&rules.policy));
        match &self.new {
            Some(new) => {
                let names = ruled.filter(|_| is_rendered).unwrap_or_else(|| new.identities.recipients());
                let backup = old.text.as_ref().map(|text| {
                    let path = format!("{}.old-{}", old.path, stamp(request.now));
                    // The old key goes nowhere but into a key file of its own.
                    private(&path, text.expose().to_owned().into())
                });
                Some(NewKey {
                    path: old.path.clone(),
                    backup,
                    meanwhile: Some(private(&old.path, new.with(old))),
                    last: private(&old.path, new.naming(&names)),
                    before: as_it_was(),
                })
            }
            None => {
                let changes = done.changes.iter().any(|(path, work)| path == RULES && *work == Work::Rules);
                let names = ruled.filter(|_| is_rendered && changes && old.text.is_some())?;
                Some(NewKey {
                    path: old.path.clone(),
                    backup: None,
                    meanwhile: None,
                    last: private(&old.path, old.naming(&names)),
                    before: as_it_was(),
                })
            }
        }
    }
}

/// The recipients whose place a new key takes: those of the project's key file; without one, the
/// one recipient of the rules that is somebody's here.
fn replaceable(
    request: &RotationRequest<'_>,
    old: &KeyFile,
    tree: &Tree<'_>,
    sink: &mut Diagnostics,
) -> Result<Vec<String>, Reported> {
    let own = old.identities.recipients();
    if old.text.is_some() && own.is_empty() {
        return Err(sink.error(findings::no_key_in(&old.path)));
    }
    let ruled: BTreeSet<String> = tree
        .rules
        .values()
        .flat_map(|rules| rules.policy.rules())
        .flat_map(|rule| rule.terms().groups().iter().flatten().map(|it| it.as_str().to_owned()))
        .collect();
    // A key file that nothing was encrypted to yet, of a run that was cut short, counts for nothing.
    if !own.is_empty() && (ruled.is_empty() || own.iter().any(|recipient| ruled.contains(recipient))) {
        return Ok(own);
    }
    let mut own: Vec<String> = request.identities.recipients();
    own.sort();
    own.dedup();
    own.retain(|recipient| ruled.contains(recipient));
    match own.as_slice() {
        [_] => Ok(own),
        _ => Err(sink.error(findings::no_key_to_replace(&old.path, own.len()))),
    }
}

/// The keys that may open files.
struct Keys<'a> {
    given: &'a Identities,
    /// Those of the project's key file.
    own: &'a Identities,
}

impl<'a> Keys<'a> {
    /// The project's key proves data keys, if there is one.
    fn first(&self) -> &'a Identities {
        if self.own.is_empty() { self.given } else { self.own }
    }

    fn open(&self, sealed: &Sealed, dialog: &dyn Dialog) -> Result<Opened, kiln_sops::OpenError> {
        match sealed.open(self.first(), MacCheck::Verify, dialog) {
            Err(kiln_sops::OpenError::Key(_)) => sealed.open(self.given, MacCheck::Verify, dialog),
            outcome => outcome,
        }
    }

    /// Whichever of them proves that this data key is ours.
    fn prover(&self, opened: &Opened, path: &str) -> &'a Identities {
        if opened.is_proven(path, self.own) { self.own } else { self.given }
    }
}

/// The rules with the new recipients, by path. The tree has them from then on.
fn new_rules(
    tree: &mut Tree<'_>,
    swap: &Swap,
    done: &mut Rotation,
) -> Result<BTreeMap<String, String>, Reported> {
    let mut changed = BTreeMap::new();
    let mut outcome = Ok(());
    for (folder, rules) in &mut tree.rules {
        let path = format!("{folder}{RULES}");
        let replacements = match &swap.change {
            Change::AsRuled => continue,
            Change::NewKey { .. } => swap.replacements.clone(),
            Change::To(to) => match common_recipients(&rules.policy) {
                Some(from) => exchange(&from, to),
                None if !rules.policy.has_rules() => continue,
                None => {
                    outcome = Err(done.diagnostics.error(findings::rules_differ(&path)));
                    continue;
                }
            },
        };
        let text = replaced(&rules.text, &replacements);
        if text == rules.text {
            continue;
        }
        let source = done.sources.add(path.as_str(), text.as_str());
        let policy = Policy::parse_as_needed(source, &text, &mut Diagnostics::new());
        match policy {
            Ok(policy) if says(&policy, &rules.policy, &replacements) => {
                rules.policy = policy;
                rules.text.clone_from(&text);
                changed.insert(path, text);
            }
            _ => outcome = Err(done.diagnostics.error(findings::rules_not_changed(&path))),
        }
    }
    outcome.map(|()| changed)
}

/// The recipients of every rule, if all rules have the same, in one group.
fn common_recipients(policy: &Policy) -> Option<Vec<String>> {
    let mut all = policy.rules().map(|rule| match rule.terms().groups() {
        [group] => Some(group.iter().map(|it| it.as_str().to_owned()).collect::<Vec<_>>()),
        _ => None,
    });
    let first = all.next()??;
    let set: BTreeSet<String> = first.iter().cloned().collect();
    let same =
        |other: Option<Vec<String>>| other.is_some_and(|it| it.into_iter().collect::<BTreeSet<_>>() == set);
    all.all(same).then_some(first)
}

/// What makes one list of recipients another: the first that goes, or else the first, brings
/// those that come.
fn exchange(from: &[String], to: &[String]) -> Replacements {
    let added: Vec<String> = to.iter().filter(|it| !from.contains(it)).cloned().collect();
    let mut gone = from.iter().filter(|it| !to.contains(it));
    let mut replacements = Replacements::new();
    match (gone.next(), from.first()) {
        (Some(first), _) => _ = replacements.insert(first.clone(), added),
        (None, Some(first)) if !added.is_empty() => {
            let with = std::iter::once(first.clone()).chain(added).collect();
            replacements.insert(first.clone(), with);
        }
        (None, _) => {}
    }
    replacements.extend(gone.map(|it| (it.clone(), Vec::new())));
    replacements
}

/// Whether every rule says what the old one said, with the recipients replaced.
fn says(new: &Policy, old: &Policy, replacements: &Replacements) -> bool {
    let groups = |policy: &Policy, replacements: &Replacements| -> Vec<Vec<BTreeSet<String>>> {
        let names = |group: &Vec<Recipient>| {
            let names: Vec<String> = group.iter().map(|it| it.as_str().to_owned()).collect();
            mapped(&names, replacements).into_iter().collect()
        };
        policy.rules().map(|rule| rule.terms().groups().iter().map(names).collect()).collect()
    };
    let sound = |policy: &Policy| policy.rules().filter(|rule| rule.problems().has_errors()).count();
    sound(new) == sound(old) && groups(new, &Replacements::new()) == groups(old, replacements)
}

/// The recipients with some replaced, each once.
fn mapped(group: &[String], replacements: &Replacements) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for recipient in group {
        let stead = replacements.get(recipient).map_or(std::slice::from_ref(recipient), Vec::as_slice);
        for it in stead {
            if !out.contains(it) {
                out.push(it.clone());
            }
        }
    }
    out
}

/// The age recipients of each group of a file.
fn recipients(sealed: &Sealed) -> Vec<Vec<String>> {
    let names = |group: Vec<FileKey>| {
        let names = group.into_iter().filter_map(|key| match key {
            FileKey::Age(recipient) => Some(recipient),
            FileKey::Other(_) => None,
        });
        names.collect()
    };
    sealed.groups().into_iter().map(names).collect()
}

/// A file that is to be given to somebody else.
struct Affected {
    path: String,
    sealed: Sealed,
    from: Vec<Vec<String>>,
    groups: Vec<Vec<String>>,
    threshold: usize,
}

/// The files whose recipients change.
fn affected(tree: &Tree<'_>, swap: &Swap, done: &mut Rotation) -> Result<Vec<Affected>, Reported> {
    let mut found = Vec::new();
    for path in tree.paths.iter().filter(|path| tree.is_secret(path)) {
        let name = tree.files.display(path);
        let bytes = match tree.files.read(path) {
            Ok(bytes) => bytes.unwrap_or_default(),
            Err(error) => {
                done.diagnostics.error(findings::unreadable(&error));
                continue;
            }
        };
        let sealed = match Sealed::read(&bytes, Format::of_path(path)) {
            Ok(sealed) => sealed,
            Err(kiln_sops::SealedError::NotEncrypted) => {
                done.diagnostics.error(findings::not_encrypted(&name, !is_named_so(path)));
                continue;
            }
            Err(error) => {
                done.diagnostics.error(findings::not_rotated(&name, &error.to_string()));
                continue;
            }
        };
        let from = recipients(&sealed);
        let Some((groups, threshold)) = swap.groups(&sealed, path, tree) else {
            done.diagnostics.push(findings::no_rule(&name, !tree.rules.is_empty()));
            done.kept += 1;
            continue;
        };
        let sets = |groups: &[Vec<String>]| -> Vec<BTreeSet<String>> {
            groups.iter().map(|group| group.iter().cloned().collect()).collect()
        };
        let is_same = sets(&from) == sets(&groups) && (groups.len() < 2 || threshold == sealed.threshold());
        if is_same {
            done.kept += 1;
        } else {
            found.push(Affected { path: path.clone(), sealed, from, groups, threshold });
        }
    }
    done.diagnostics.check().map(|()| found)
}

/// A file for its new recipients.
struct Rewritten {
    artifact: Artifact,
    work: Work,
    clusters: Vec<ClusterSecret>,
}

fn rewrite(
    file: &Affected,
    tree: &Tree<'_>,
    swap: &Swap,
    keys: &Keys<'_>,
    request: &RotationRequest<'_>,
) -> Result<Rewritten, Box<Diagnostic>> {
    let name = tree.files.display(&file.path);
    let not_rotated = |what: String| Box::new(findings::not_rotated(&name, &what));
    let opened = keys.open(&file.sealed, request.dialog).map_err(|error| not_rotated(error.to_string()))?;
    let mut plain = opened.plain().clone();
    let clusters = replace_copies(&mut plain, swap, &file.path);
    let parsed = file.groups.iter().map(|group| group.iter().map(|it| Recipient::parse(it)).collect());
    let groups: Vec<Vec<Recipient>> =
        parsed.collect::<Result<_, _>>().map_err(|_| not_rotated("a recipient of it is none".to_owned()))?;
    let path = tree.proof_path(&file.path);
    let to = Entrusted {
        groups,
        threshold: file.threshold,
        path,
        from: keys.prover(&opened, path),
        to: swap.identities(keys),
        now: request.now,
        dialog: request.dialog,
    };
    let changed = plain.clone();
    let sealed = opened
        .entrust(&file.sealed, (!clusters.is_empty()).then_some(plain), &to)
        .map_err(|error| not_rotated(error.to_string()))?;
    prove(&sealed, &changed, swap, keys, request).ok_or_else(|| Box::new(findings::locks_out(&name)))?;
    let artifact = sealed
        .artifact(&file.path, &tree.stores_for(&file.path))
        .map_err(|error| not_rotated(error.to_string()))?;
    let loses = file.from.iter().flatten().any(|it| !file.groups.iter().flatten().any(|to| to == it));
    let work = if loses || file.from.len() != file.groups.len() { Work::Rotated } else { Work::Rewrapped };
    Ok(Rewritten { artifact, work, clusters })
}

/// Opens the new file with the keys it is for; `None` if it does not say what it should.
fn prove(
    sealed: &Sealed,
    plain: &Plain,
    swap: &Swap,
    keys: &Keys<'_>,
    request: &RotationRequest<'_>,
) -> Option<()> {
    let opened = match &swap.new {
        Some(new) => sealed.open(&new.identities, MacCheck::Verify, request.dialog),
        None => keys.open(sealed, request.dialog),
    };
    opened.ok().filter(|opened| opened.plain().says_same(plain)).map(|_| ())
}

/// Puts the new private key where a file holds the old one.
fn replace_copies(plain: &mut Plain, swap: &Swap, path: &str) -> Vec<ClusterSecret> {
    let mut clusters = Vec::new();
    let Some(new) = swap.new.as_ref().and_then(|new| new.private_lines().into_iter().next()) else {
        return clusters;
    };
    for old in &swap.copies {
        for found in plain.replace_text(old, &new) {
            let text = |keys: &[&str]| plain.text_at(found.document, keys).map(str::to_owned);
            let key = found.path.last().cloned().unwrap_or_default();
            clusters.push(ClusterSecret {
                path: path.to_owned(),
                namespace: text(&["metadata", "namespace"]),
                name: match text(&["kind"]).as_deref() {
                    Some("Secret") => text(&["metadata", "name"]).unwrap_or_default(),
                    _ => String::new(),
                },
                key,
            });
        }
    }
    clusters
}

/// Who loses files, and who gets some.
fn movements(files: &[Affected]) -> (Vec<String>, Vec<String>) {
    let (mut removed, mut added) = (BTreeSet::new(), BTreeSet::new());
    for file in files {
        let from: BTreeSet<&String> = file.from.iter().flatten().collect();
        let to: BTreeSet<&String> = file.groups.iter().flatten().collect();
        removed.extend(from.difference(&to).map(|it| (*it).clone()));
        added.extend(to.difference(&from).map(|it| (*it).clone()));
    }
    (removed.into_iter().collect(), added.into_iter().collect())
}

/// Whether the rules at the top are an output of `configure`.
fn is_recorded(files: &dyn Files) -> bool {
    let lock = crate::files::text_of(files, kiln_disk::LOCK_FILE).unwrap_or_default();
    lock.lines().any(|line| line.starts_with("\".sops.yaml\" = "))
}

/// A time as the end of a file name: seconds since 1970.
fn stamp(now: u64) -> String {
    now.to_string()
}
