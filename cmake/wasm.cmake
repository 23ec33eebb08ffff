# clang, lld and wasi-libc of Debian 12, for WebAssembly: `npm pack ./bindings/wasm`.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_C_COMPILER clang)
set(CMAKE_C_COMPILER_TARGET wasm32-wasi)
set(CMAKE_EXECUTABLE_SUFFIX_C .wasm)
# CMake's own checks would link a program by flags that are not known yet.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
