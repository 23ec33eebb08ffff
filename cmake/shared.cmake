# The shared library, of the same objects as the archive. Its soname and the version of its symbols are
# those within which programs need no new link: the minor version before 1.0, the major from then on
# (docs/abi.md). It shows the functions of tests/abi/api.txt and nothing else.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(WSF_SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
else()
  set(WSF_SOVERSION ${PROJECT_VERSION_MAJOR})
endif()

set(WSF_API_LIST ${PROJECT_SOURCE_DIR}/tests/abi/api.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${WSF_API_LIST})
file(STRINGS ${WSF_API_LIST} functions REGEX "^function ")
list(TRANSFORM functions REPLACE "^function ([a-z0-9_]+) .*" "\\1")
list(JOIN functions ";\n    " functions)
set(WSF_VERSION_SCRIPT ${PROJECT_BINARY_DIR}/wsf.map)
file(CONFIGURE OUTPUT ${WSF_VERSION_SCRIPT}
     CONTENT "WSF_${WSF_SOVERSION} {\n  global:\n    ${functions};\n  local:\n    *;\n};\n" @ONLY)

add_library(wsf_shared SHARED $<TARGET_OBJECTS:wsf_objects>)
set_target_properties(wsf_shared PROPERTIES OUTPUT_NAME wsf EXPORT_NAME shared LINKER_LANGUAGE C
                      VERSION ${PROJECT_VERSION} SOVERSION ${WSF_SOVERSION}
                      LINK_DEPENDS ${WSF_VERSION_SCRIPT})
# Calls between functions of the library do not go to a program's functions of the same name.
target_link_options(wsf_shared PRIVATE -Wl,--version-script=${WSF_VERSION_SCRIPT}
                    -Wl,-Bsymbolic-functions)
target_include_directories(wsf_shared PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                             $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(wsf_shared PRIVATE wsf_blas wsf_packing Threads::Threads m)
add_library(wsf::shared ALIAS wsf_shared)
install(TARGETS wsf_shared EXPORT wsfTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
