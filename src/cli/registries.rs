//! Which registries a run uses: the vendors', the one that was asked for, and the user's file.

use std::env;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::args::RegistryOptions;
use super::reason;
use crate::escape::escape;
use crate::facts::registry::{LARGEST, Owner, Registries, Registry, read};
use crate::topic::no_vendor;
use crate::words::{Message, say};

/// Names the user's registry where no option does.
const VARIABLE: &str = "WSCLOSE_REGISTRY";

/// Where the user keeps a registry that no option names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRegistry {
    /// The file.
    pub path: PathBuf,
    /// Whether the user named it, so that it may not be missing.
    pub is_named: bool,
}

/// The registry that the environment names: the variable counts more than the file among the
/// user's settings, which alone may be missing.
pub fn own_registry() -> Option<OwnRegistry> {
    match env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        Some(path) => Some(OwnRegistry {
            path: PathBuf::from(path),
            is_named: true,
        }),
        None => settings().map(|path| OwnRegistry {
            path,
            is_named: false,
        }),
    }
}

/// The registries that the options name, and the user's own.
///
/// # Errors
///
/// When the user's file cannot be read, is malformed or, where it was named, does not exist; and
/// when there is no vendor of the name that was given.
pub(super) fn load(
    options: &RegistryOptions,
    own: fn() -> Option<OwnRegistry>,
) -> Result<Registries, Message> {
    let option = options.registry.clone().map(|path| OwnRegistry {
        path,
        is_named: true,
    });
    let registries = Registries::new(users(option.or_else(own))?);
    match &options.vendor {
        None => Ok(registries),
        Some(vendor) => registries
            .choosing(vendor)
            .ok_or_else(|| no_vendor(vendor, registries).message()),
    }
}

/// The user's registry, if there is one.
fn users(own: Option<OwnRegistry>) -> Result<Option<&'static Registry>, Message> {
    let Some(OwnRegistry { path, is_named }) = own else {
        return Ok(None);
    };
    let shown = escape(&path.to_string_lossy());
    let bytes = match contents(&path) {
        Ok(bytes) => bytes,
        Err(error) if !is_named && is_missing(&error) => return Ok(None),
        Err(error) => {
            return Err(say!(
                cli.cannot_read_registry,
                shown,
                error = reason(&error)
            ));
        }
    };
    match read(&bytes, Owner::User) {
        Ok(registry) => Ok(Some(registry)),
        Err(malformed) => Err(say!(
            cli.bad_registry,
            shown,
            malformed = malformed.message()
        )),
    }
}

/// Where the user's settings keep it: `~/.config/wsclose/registry.toml`, unless
/// `XDG_CONFIG_HOME` says otherwise; on Windows in the folder for roaming settings.
#[cfg(not(target_family = "wasm"))]
fn settings() -> Option<PathBuf> {
    use etcetera::{BaseStrategy, choose_base_strategy};
    let folder = choose_base_strategy().ok()?.config_dir();
    Some(folder.join("wsclose").join("registry.toml"))
}

/// There is no such place in a browser.
#[cfg(target_family = "wasm")]
fn settings() -> Option<PathBuf> {
    None
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The file, or one byte more than a registry may have: what is no file may never end.
fn contents(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    // A directory opens well and fails only when it is read.
    if file.metadata()?.is_dir() {
        return Err(io::Error::other(say!(system.it_is_a_directory)));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
