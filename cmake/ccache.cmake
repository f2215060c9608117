# Compile each unit once.
find_program(EHDS_CCACHE ccache)
if(EHDS_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${EHDS_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${EHDS_CCACHE}")
endif()
