//! Forecasts a CSV file from Rust, without a crate: load, fit, forecast, print; every failure is an Err with a place.
//! usage: main FILE

use std::ffi::{CStr, CString};
use std::os::raw::{c_char, c_void};
use std::ptr::{null, null_mut};

/// wsf_error: frozen, its layout never changes.
#[repr(C)]
struct WsfError {
    status: i32,
    reserved: i32,
    series: i64,
    row: i64,
    byte: i64,
    field: [c_char; 64],
    file: [c_char; 256],
    message: [c_char; 512],
}

#[link(name = "wsf")]
extern "C" {
    fn wsf_status_name(status: i32) -> *const c_char;
    fn wsf_context_create(out: *mut *mut c_void, options: *const c_char, resize: *const c_void, user: *mut c_void, err: *mut WsfError) -> i32;
    fn wsf_context_release(ctx: *mut c_void);
    fn wsf_dataset_open(out: *mut *mut c_void, ctx: *mut c_void, expr: *const c_char, err: *mut WsfError) -> i32;
    fn wsf_dataset_release(ds: *mut c_void);
    fn wsf_model_parse(out: *mut *mut c_void, ctx: *mut c_void, expr: *const c_char, err: *mut WsfError) -> i32;
    fn wsf_model_release(m: *mut c_void);
    fn wsf_fit(out: *mut *mut c_void, model: *const c_void, ds: *const c_void, options: *const c_char, err: *mut WsfError) -> i32;
    fn wsf_forecaster_release(f: *mut c_void);
    fn wsf_predict(out: *mut *mut c_void, f: *const c_void, ds: *const c_void, options: *const c_char, err: *mut WsfError) -> i32;
    fn wsf_table_release(t: *mut c_void);
    fn wsf_table_rows(t: *const c_void) -> i64;
    fn wsf_table_columns(t: *const c_void) -> i64;
    fn wsf_table_name(t: *const c_void, col: i64) -> *const c_char;
    fn wsf_table_format(t: *const c_void, col: i64, row: i64, buffer: *mut c_char, capacity: usize) -> i64;
}

fn text(at: *const c_char) -> String {
    unsafe { CStr::from_ptr(at) }.to_string_lossy().into_owned()
}

fn c(text: &str) -> CString {
    CString::new(text).expect("text without a NUL")
}

/// A handle of the library, given back when it goes out of scope.
struct Handle {
    at: *mut c_void,
    release: unsafe extern "C" fn(*mut c_void),
}

impl Drop for Handle {
    fn drop(&mut self) {
        unsafe { (self.release)(self.at) }
    }
}

/// A handle that a call makes, or what it reported.
fn made(
    release: unsafe extern "C" fn(*mut c_void),
    call: impl FnOnce(*mut *mut c_void, *mut WsfError) -> i32,
) -> Result<Handle, String> {
    let mut err: WsfError = unsafe { std::mem::zeroed() };
    let mut at = null_mut();
    let status = call(&mut at, &mut err);
    if status == 0 {
        return Ok(Handle { at, release });
    }
    let mut place = text(err.file.as_ptr());
    if err.row >= 0 {
        place += &format!(" line {}", err.row);
    }
    if err.byte >= 0 {
        place += &format!(" byte {}", err.byte);
    }
    let name = text(unsafe { wsf_status_name(status) });
    Err(format!("{} {}: {}", name, place.trim(), text(err.message.as_ptr())))
}

fn rows(table: &Handle) -> Vec<Vec<String>> {
    let columns = unsafe { wsf_table_columns(table.at) };
    let mut all = vec![(0..columns).map(|col| text(unsafe { wsf_table_name(table.at, col) })).collect()];
    for row in 0..unsafe { wsf_table_rows(table.at) } {
        let cell = |col| {
            let mut buffer = [0 as c_char; 256];
            unsafe { wsf_table_format(table.at, col, row, buffer.as_mut_ptr(), buffer.len()) };
            text(buffer.as_ptr())
        };
        all.push((0..columns).map(cell).collect());
    }
    all
}

/// The table of forecasts as rows of text, the first one the names of its columns.
fn forecast(file: &str, model: &str, horizon: u32) -> Result<Vec<Vec<String>>, String> {
    let data = c(&format!("csv({:?}, keys=[shop], time=day, target=sold)", file));
    let model = c(model);
    let options = c(&format!("horizon={}, levels=[80]", horizon));
    unsafe {
        let ctx = made(wsf_context_release, |out, err| wsf_context_create(out, null(), null(), null_mut(), err))?;
        let dataset = made(wsf_dataset_release, |out, err| wsf_dataset_open(out, ctx.at, data.as_ptr(), err))?;
        let parsed = made(wsf_model_release, |out, err| wsf_model_parse(out, ctx.at, model.as_ptr(), err))?;
        let forecaster = made(wsf_forecaster_release, |out, err| wsf_fit(out, parsed.at, dataset.at, null(), err))?;
        let table = made(wsf_table_release, |out, err| wsf_predict(out, forecaster.at, null(), options.as_ptr(), err))?;
        Ok(rows(&table))
    }
}

fn main() -> Result<(), String> {
    let file = std::env::args().nth(1).ok_or("usage: main FILE")?;
    for row in forecast(&file, "mean(ets, snaive)", 3)? {
        println!("{}", row.join("\t"));
    }
    if let Err(said) = forecast(&file, "mean(etz, snaive)", 3) {
        println!("{}", said);
    }
    Ok(())
}
