//! The functions of the SWMM 5 library.

use std::ffi::{CStr, CString, c_char, c_double, c_float, c_int};
use std::path::{Path, PathBuf};

use libloading::Library as Loaded;

use crate::error::{Problem, Result};

/// Environment variable that names the library.
pub(super) const VARIABLE: &str = "TUIYAN_SWMM";

/// Names under which systems know the library.
const NAMES: [&str; 3] = ["libswmm5.so", "libswmm5.dylib", "swmm5.dll"];

/// Oldest version that can read and set values by property, as 52000 for 5.2.0.
const OLDEST_VERSION: i32 = 52_000;

/// Room for a message of the engine, bytes.
const LONGEST_MESSAGE: usize = 1024;

type Open = unsafe extern "C" fn(*const c_char, *const c_char, *const c_char) -> c_int;
type Start = unsafe extern "C" fn(c_int) -> c_int;
type Step = unsafe extern "C" fn(*mut c_double) -> c_int;
type Plain = unsafe extern "C" fn() -> c_int;
type Balance = unsafe extern "C" fn(*mut c_float, *mut c_float, *mut c_float) -> c_int;
type Message = unsafe extern "C" fn(*mut c_char, c_int) -> c_int;
type Count = unsafe extern "C" fn(c_int) -> c_int;
type Index = unsafe extern "C" fn(c_int, *const c_char) -> c_int;
type Get = unsafe extern "C" fn(c_int, c_int) -> c_double;
type Set = unsafe extern "C" fn(c_int, c_int, c_double);

/// EPA SWMM 5.2 or newer, opened.
///
/// The library holds one network at a time; [`super::swmm`] sees to it that it is asked for one.
pub struct Library {
    path: PathBuf,
    version: i32,
    open: Open,
    start: Start,
    step: Step,
    end: Plain,
    close: Plain,
    balance: Balance,
    message: Message,
    count: Count,
    index: Index,
    get: Get,
    set: Set,
    // Last, so that it is dropped after the functions that point into it.
    _loaded: Loaded,
}

impl std::fmt::Debug for Library {
    /// Its version alone: what is shown must be the same in every process, wherever the library lies.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Library").field("version", &self.version).finish_non_exhaustive()
    }
}

impl Library {
    /// The library at a path, else the one that `TUIYAN_SWMM` names, else one the system knows.
    ///
    /// # Errors
    /// E2480 when none is found, E2481 when it is no SWMM of version 5.2 or newer.
    pub fn find(path: Option<&Path>) -> Result<Self> {
        let named = path.map(Path::to_path_buf).or_else(|| std::env::var_os(VARIABLE).map(PathBuf::from));
        let candidates = named.map_or_else(|| NAMES.map(PathBuf::from).to_vec(), |path| vec![path]);
        let mut reasons = Vec::new();
        for path in candidates {
            match load(&path) {
                Ok(loaded) => return Self::new(path, loaded),
                Err(reason) => reasons.push(format!("{}: {reason}", path.display())),
            }
        }
        Err(Problem::error(2480, "the scenario has sewers, and the library of EPA SWMM 5.2 is not found")
            .why(reasons.join("; "))
            .fix(format!(
                "pip install swmm-toolkit, then name its libswmm5.so (swmm5.dll) with --swmm FILE or \
                 {VARIABLE}=FILE; without sewers remove [sewers] and give [losses]"
            ))
            .into())
    }

    fn new(path: PathBuf, loaded: Loaded) -> Result<Self> {
        let strange = |name: &str| {
            Problem::error(2481, format!("{} has no function {name}", path.display()))
                .fix("name the library of EPA SWMM 5.2 or newer")
        };
        macro_rules! function {
            ($name:literal) => {
                function(&loaded, $name).ok_or_else(|| strange($name))?
            };
        }
        let version: Plain = function!("swmm_getVersion");
        let library = Self {
            open: function!("swmm_open"),
            start: function!("swmm_start"),
            step: function!("swmm_step"),
            end: function!("swmm_end"),
            close: function!("swmm_close"),
            balance: function!("swmm_getMassBalErr"),
            message: function!("swmm_getError"),
            count: function!("swmm_getCount"),
            index: function!("swmm_getIndex"),
            get: function!("swmm_getValue"),
            set: function!("swmm_setValue"),
            version: call(version),
            path,
            _loaded: loaded,
        };
        if library.version < OLDEST_VERSION {
            return Err(Problem::error(
                2481,
                format!("{} is SWMM {}", library.path.display(), library.version()),
            )
            .fix("name the library of EPA SWMM 5.2 or newer")
            .into());
        }
        Ok(library)
    }

    /// Version, as `5.2.4`.
    pub fn version(&self) -> String {
        let number = self.version;
        format!("{}.{}.{}", number / 10_000, number / 1000 % 10, number % 1000)
    }
}

#[allow(unsafe_code, reason = "opening a library runs its initialisers; the user named it as SWMM")]
fn load(path: &Path) -> std::result::Result<Loaded, libloading::Error> {
    // SAFETY: SWMM's library has no initialisers beyond those of the C run time.
    unsafe { Loaded::new(path) }
}

#[allow(unsafe_code, reason = "the types of C functions are known from SWMM's header alone")]
fn function<T: Copy>(loaded: &Loaded, name: &str) -> Option<T> {
    // SAFETY: `T` is the type that swmm5.h of version 5.2 declares for this name.
    unsafe { loaded.get::<T>(name.as_bytes()).ok().map(|symbol| *symbol) }
}

#[allow(unsafe_code, reason = "C functions of SWMM")]
fn call(function: Plain) -> c_int {
    // SAFETY: it takes nothing and only reads the state of the library.
    unsafe { function() }
}

/// The library as [`super::swmm`] uses it: every call goes through here.
///
/// All are sound for any argument: the library checks indices and the order of calls. They
/// must not run at the same time, which the one owner of the library guarantees.
#[allow(unsafe_code, reason = "C functions of SWMM")]
impl Library {
    pub(super) fn open(&self, input: &CStr, report: &CStr, output: &CStr) -> c_int {
        // SAFETY: the strings end with zero and live longer than the call, which copies them.
        unsafe { (self.open)(input.as_ptr(), report.as_ptr(), output.as_ptr()) }
    }

    pub(super) fn start(&self) -> c_int {
        // SAFETY: no pointers; zero keeps the library from writing results.
        unsafe { (self.start)(0) }
    }

    /// One step; the days since the start, or zero behind the end.
    pub(super) fn step(&self) -> std::result::Result<f64, c_int> {
        let mut days = 0.0;
        // SAFETY: the pointer is that of a live number.
        match unsafe { (self.step)(&raw mut days) } {
            0 => Ok(days),
            code => Err(code),
        }
    }

    pub(super) fn end(&self) -> c_int {
        call(self.end)
    }

    pub(super) fn close(&self) -> c_int {
        call(self.close)
    }

    /// Error of the balance of the flow, per cent of all inflow and first storage.
    pub(super) fn flow_error(&self) -> f64 {
        let (mut runoff, mut flow, mut quality) = (0.0, 0.0, 0.0);
        // SAFETY: the pointers are those of live numbers.
        unsafe { (self.balance)(&raw mut runoff, &raw mut flow, &raw mut quality) };
        f64::from(flow)
    }

    /// Last message of the library.
    pub(super) fn message(&self) -> String {
        let mut text = vec![0u8; LONGEST_MESSAGE];
        // SAFETY: the buffer is as long as is said, and the library ends it with zero.
        unsafe { (self.message)(text.as_mut_ptr().cast(), LONGEST_MESSAGE as c_int) };
        let end = text.iter().position(|&byte| byte == 0).unwrap_or(0);
        String::from_utf8_lossy(&text[..end]).trim().to_owned()
    }

    pub(super) fn count(&self, kind: c_int) -> c_int {
        // SAFETY: no pointers.
        unsafe { (self.count)(kind) }
    }

    /// Position of an object, negative if it has none.
    pub(super) fn index(&self, kind: c_int, name: &str) -> c_int {
        let Ok(name) = CString::new(name) else { return -1 };
        // SAFETY: the string ends with zero and lives longer than the call.
        unsafe { (self.index)(kind, name.as_ptr()) }
    }

    pub(super) fn get(&self, property: c_int, index: c_int) -> f64 {
        // SAFETY: no pointers; the library checks the index.
        unsafe { (self.get)(property, index) }
    }

    pub(super) fn set(&self, property: c_int, index: c_int, value: f64) {
        // SAFETY: no pointers; the library checks the index.
        unsafe { (self.set)(property, index, value) }
    }
}
