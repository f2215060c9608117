# Compile each unit once. Precompiled headers are told apart by content: their time and defines may differ.
find_program(EHDS_CCACHE ccache)
if(EHDS_CCACHE)
  set(EHDS_CACHED ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${EHDS_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER ${EHDS_CACHED})
  set(CMAKE_C_COMPILER_LAUNCHER ${EHDS_CACHED})
endif()
