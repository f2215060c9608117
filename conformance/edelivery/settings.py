"""Values of ebMS 3.0 that several checks need."""
CORE = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/"
TEST_SERVICE = CORE + "service"
TEST_ACTION = CORE + "test"
