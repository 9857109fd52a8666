//! The users of a pool: found by name or by address however many there are, and cheap to copy.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::{Bound, Deref, DerefMut},
    sync::Arc,
};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};

use crate::users::User;

/// Users by user name. A copy shares all of them with the original, until one of the two changes.
#[derive(Clone, Default)]
pub struct Directory {
    users: BTreeMap<Arc<str>, Arc<User>>,
    addresses: Addresses,
}

/// Each address in lower case, with the name of a user who has it: several may.
type Addresses = BTreeSet<(Arc<str>, Arc<str>)>;

/// A user to be changed; what they are found by is set right when this goes.
pub struct Changing<'a> {
    name: Arc<str>,
    user: &'a mut User,
    addresses: &'a mut Addresses,
    before: Option<Arc<str>>,
}

impl Directory {
    /// The user of a name.
    pub fn get(&self, name: &str) -> Option<&User> {
        self.users.get(name).map(Arc::as_ref)
    }

    /// The user of a name, to change them.
    pub fn get_mut(&mut self, name: &str) -> Option<Changing<'_>> {
        let (name, _) = self.users.get_key_value(name)?;
        let name = Arc::clone(name);
        let user = Arc::make_mut(self.users.get_mut(&name)?);
        Some(Changing {
            before: address(user),
            name,
            user,
            addresses: &mut self.addresses,
        })
    }

    /// The user with an address, in whatever case; of several the one whose name comes first.
    pub fn by_address(&self, address: &str) -> Option<&User> {
        let address: Arc<str> = address.to_ascii_lowercase().into();
        let first = (Arc::clone(&address), Arc::from(""));
        let mut found = self
            .addresses
            .range((Bound::Included(first), Bound::Unbounded));
        let (found, name) = found.next()?;
        self.get(name).filter(|_| *found == address)
    }

    /// Keeps a user, in the place of another of that name.
    pub fn insert(&mut self, user: User) {
        self.remove(&user.username);
        let name: Arc<str> = user.username.as_str().into();
        if let Some(address) = address(&user) {
            self.addresses.insert((address, Arc::clone(&name)));
        }
        self.users.insert(name, Arc::new(user));
    }

    /// Forgets a user.
    pub fn remove(&mut self, name: &str) {
        if let Some((name, user)) = self.users.remove_entry(name)
            && let Some(address) = address(&user)
        {
            self.addresses.remove(&(address, name));
        }
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &User> {
        self.users.values().map(Arc::as_ref)
    }
}

/// As people are found by it.
fn address(user: &User) -> Option<Arc<str>> {
    let address = user.attributes.get("email")?;
    Some(address.to_ascii_lowercase().into())
}

impl Deref for Changing<'_> {
    type Target = User;

    fn deref(&self) -> &User {
        self.user
    }
}

impl DerefMut for Changing<'_> {
    fn deref_mut(&mut self) -> &mut User {
        self.user
    }
}

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        let after = address(self.user);
        if self.before == after {
            return;
        }
        if let Some(address) = self.before.take() {
            self.addresses.remove(&(address, Arc::clone(&self.name)));
        }
        if let Some(address) = after {
            self.addresses.insert((address, Arc::clone(&self.name)));
        }
    }
}

impl Serialize for Directory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let users = self.users.iter();
        serializer.collect_map(users.map(|(name, user)| (name.as_ref(), user.as_ref())))
    }
}

impl<'de> Deserialize<'de> for Directory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Users;

        impl<'de> Visitor<'de> for Users {
            type Value = Directory;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("users by name")
            }

            // One by one: there may be many, and then there is no room for them twice.
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Directory, A::Error> {
                let mut directory = Directory::default();
                while let Some((_, user)) = map.next_entry::<String, User>()? {
                    directory.insert(user);
                }
                Ok(directory)
            }
        }

        deserializer.deserialize_map(Users)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::Credential;
    use protocol::srp::{Salt, Verifier};
    use std::time::Duration;

    fn directory(users: &[(&str, &str)]) -> Directory {
        let salt = Salt::from_bytes([7; 16]);
        let verifier = Verifier::derive("pool", "name", b"password", &salt);
        let credential = Credential { salt, verifier };
        let mut directory = Directory::default();
        for (name, email) in users {
            let credential = credential.clone();
            let mut user = User::new((*name).into(), (*name).into(), credential, Duration::ZERO);
            user.attributes.insert("email".into(), (*email).into());
            directory.insert(user);
        }
        directory
    }

    fn name_of<'a>(directory: &'a Directory, address: &str) -> Option<&'a str> {
        let user = directory.by_address(address);
        user.map(|user| user.username.as_str())
    }

    #[test]
    fn people_are_found_by_address_in_any_case() {
        let directory = directory(&[("a", "One@example.com"), ("b", "two@example.com")]);
        assert_eq!(name_of(&directory, "oNE@EXAMPLE.com"), Some("a"));
        assert_eq!(name_of(&directory, "two@example.com"), Some("b"));
        for nobody in ["", "on", "one@example.co", "one@example.com1", "zzz"] {
            assert_eq!(name_of(&directory, nobody), None, "{nobody}");
        }
    }

    #[test]
    fn a_changed_address_is_found_and_the_old_one_is_not() {
        let mut directory = directory(&[("a", "old@example.com")]);
        let mut user = directory.get_mut("a").unwrap();
        user.attributes
            .insert("email".into(), "new@example.com".into());
        drop(user);
        assert_eq!(name_of(&directory, "old@example.com"), None);
        assert_eq!(name_of(&directory, "new@example.com"), Some("a"));
        let mut user = directory.get_mut("a").unwrap();
        user.attributes.remove("email");
        drop(user);
        assert_eq!(name_of(&directory, "new@example.com"), None);
        assert!(directory.get_mut("b").is_none());
    }

    #[test]
    fn of_two_users_with_one_address_the_other_is_found_when_the_first_goes() {
        let mut directory = directory(&[("b", "one@example.com"), ("a", "one@example.com")]);
        assert_eq!(name_of(&directory, "one@example.com"), Some("a"));
        directory.remove("a");
        assert_eq!(name_of(&directory, "one@example.com"), Some("b"));
        directory.remove("b");
        assert_eq!(name_of(&directory, "one@example.com"), None);
        assert_eq!(directory.iter().count(), 0);
    }

    #[test]
    fn a_user_who_takes_the_place_of_another_is_found_by_their_own_address() {
        let mut directory = directory(&[("a", "old@example.com"), ("a", "new@example.com")]);
        assert_eq!(name_of(&directory, "old@example.com"), None);
        assert_eq!(name_of(&directory, "new@example.com"), Some("a"));
        let copy = directory.clone();
        directory.get_mut("a").unwrap().attributes.clear();
        assert_eq!(name_of(&copy, "new@example.com"), Some("a"));
        assert_eq!(name_of(&directory, "new@example.com"), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = serde_json::to_string(&directory(&[("a", "one@example.com")])).unwrap();
        assert!(text.starts_with(r#"{"a":{"username":"a","#), "{text}");
        let read: Directory = serde_json::from_str(&text).unwrap();
        assert_eq!(name_of(&read, "one@example.com"), Some("a"));
        assert_eq!(read.get("a").unwrap().username, "a");
        serde_json::from_str::<Directory>("[]")
            .map(drop)
            .unwrap_err();
    }
}
