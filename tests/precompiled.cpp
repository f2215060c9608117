// CMake makes a precompiled header for the sources of a target: this one has no other use (CMakeLists.txt).
