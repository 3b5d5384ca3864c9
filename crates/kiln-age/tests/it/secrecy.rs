//! What is secret has no way to be shown or copied. These claims hold if they compile.

use std::fmt::{Debug, Display};

use kiln_age::{Identities, Identity, Recipient};

/// There are two ways to call this on a type with the trait, and then neither compiles.
trait Either<Way> {
    fn hold() {}
}

impl<T: ?Sized> Either<()> for T {}

macro_rules! lacks {
    ($trait:ident: $($type:ty),+) => {{
        struct Has;
        impl<T: ?Sized + $trait> Either<Has> for T {}
        $(<$type as Either<_>>::hold();)+
    }};
}

#[test]
fn identities_can_neither_be_shown_nor_copied() {
    lacks!(Debug: Identity, Identities);
    lacks!(Display: Identity, Identities);
    lacks!(Clone: Identity, Identities);
    lacks!(PartialEq: Identity, Identities);
}

#[test]
fn keys_can_be_used_by_several_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Identity>();
    shared::<Identities>();
    shared::<Recipient>();
}
