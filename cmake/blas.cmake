# OpenBLAS and LAPACKE, for singular values of large matrices; -DWSF_BLAS=none does without.
set(WSF_BLAS "openblas" CACHE STRING "linear algebra of large matrices: openblas, none (own kernels only)")
set_property(CACHE WSF_BLAS PROPERTY STRINGS openblas none)
add_library(wsf_blas INTERFACE)
if(WSF_BLAS STREQUAL "none")
  set(WSF_LAPACK 0)
  set(WSF_PC_BLAS "")
  return()
elseif(NOT WSF_BLAS STREQUAL "openblas")
  message(FATAL_ERROR "WSF_BLAS is ${WSF_BLAS}, expected openblas or none")
endif()
set(WSF_LAPACK 1)
set(WSF_PC_BLAS "-llapacke -lopenblas ")

# Debian's serial OpenBLAS is built without locks and returns wrong numbers when two threads call it:
# it is refused. The pthread flavour is taken by its full path, whatever the machine's alternatives
# point at.
find_path(WSF_LAPACKE_INCLUDE lapacke.h PATH_SUFFIXES openblas lapacke)
find_library(WSF_LAPACKE_LIBRARY lapacke)
if(NOT WSF_BLAS_LIBRARY)
  find_library(WSF_OPENBLAS_PTHREAD openblas PATH_SUFFIXES openblas-pthread
               HINTS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-pthread
                     /usr/lib/${CMAKE_SYSTEM_PROCESSOR}-linux-gnu/openblas-pthread NO_DEFAULT_PATH)
  if(NOT WSF_OPENBLAS_PTHREAD)
    find_library(WSF_OPENBLAS_PTHREAD openblas)
  endif()
  set(WSF_BLAS_LIBRARY ${WSF_OPENBLAS_PTHREAD} CACHE FILEPATH "" FORCE)
endif()
if(NOT WSF_LAPACKE_INCLUDE OR NOT WSF_LAPACKE_LIBRARY OR NOT WSF_BLAS_LIBRARY)
  message(FATAL_ERROR "LAPACKE or OpenBLAS not found: on Debian, ./dev setup installs "
                      "liblapacke-dev and libopenblas-pthread-dev; -DWSF_BLAS=none does without")
endif()
get_filename_component(WSF_BLAS_REAL ${WSF_BLAS_LIBRARY} REALPATH)
if(WSF_BLAS_REAL MATCHES "openblas-serial")
  message(FATAL_ERROR "${WSF_BLAS_REAL} is the serial OpenBLAS, which is not safe to call from two "
                      "threads: install libopenblas-pthread-dev or set WSF_BLAS_LIBRARY")
endif()
target_include_directories(wsf_blas SYSTEM INTERFACE $<BUILD_INTERFACE:${WSF_LAPACKE_INCLUDE}>)
# A program that sets the property WSF_LINK_BLAS_IN takes the archives beside the shared objects, if
# they are there: six libraries fewer to load, and a start twice as fast.
get_filename_component(WSF_BLAS_FOLDER ${WSF_BLAS_LIBRARY} DIRECTORY)
get_filename_component(WSF_LAPACKE_FOLDER ${WSF_LAPACKE_LIBRARY} DIRECTORY)
find_library(WSF_BLAS_ARCHIVE libopenblas.a PATHS ${WSF_BLAS_FOLDER} NO_DEFAULT_PATH)
find_library(WSF_LAPACKE_ARCHIVE liblapacke.a PATHS ${WSF_LAPACKE_FOLDER} NO_DEFAULT_PATH)
execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libgfortran.a
                OUTPUT_VARIABLE WSF_FORTRAN_ARCHIVE OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libquadmath.a
                OUTPUT_VARIABLE WSF_QUADMATH_ARCHIVE OUTPUT_STRIP_TRAILING_WHITESPACE)
set(WSF_BLAS_SHARED ${WSF_LAPACKE_LIBRARY} ${WSF_BLAS_LIBRARY})
set(WSF_BLAS_LINKED_IN ${WSF_BLAS_SHARED})
if(WSF_BLAS_ARCHIVE AND WSF_LAPACKE_ARCHIVE AND EXISTS ${WSF_FORTRAN_ARCHIVE} AND
   EXISTS ${WSF_QUADMATH_ARCHIVE})
  set(WSF_BLAS_LINKED_IN ${WSF_LAPACKE_ARCHIVE} ${WSF_BLAS_ARCHIVE} ${WSF_FORTRAN_ARCHIVE}
                         ${WSF_QUADMATH_ARCHIVE} m)
endif()
target_link_libraries(wsf_blas INTERFACE
  $<BUILD_INTERFACE:$<IF:$<BOOL:$<TARGET_PROPERTY:WSF_LINK_BLAS_IN>>,${WSF_BLAS_LINKED_IN},${WSF_BLAS_SHARED}>>)
