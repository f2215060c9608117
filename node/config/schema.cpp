#include "node/config/schema.hpp"

namespace ehds::node::config {

namespace {

constexpr std::string_view published = R"schema({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:ehds:node:configuration",
  "title": "Configuration of a HealthData@EU node",
  "description": "One JSON file; // and /* */ comments are allowed. Relative paths start at the folder of the file.",
  "type": "object",
  "additionalProperties": false,
  "required": ["node", "store", "keys"],
  "properties": {
    "$schema": {"type": "string"},
    "node": {
      "type": "object", "additionalProperties": false, "required": ["id", "country"],
      "properties": {
        "id": {"type": "string", "minLength": 1, "description": "the name among nodes: FR; a data zone has its own: FR-data"},
        "name": {"type": "string", "description": "for people; the id when left out"},
        "country": {"type": "string", "pattern": "^[A-Z]{2}$", "description": "EU for the centre"},
        "role": {"enum": ["national", "central"], "default": "national"},
        "zone": {"enum": ["edge", "data", "all"], "default": "all"},
        "base_url": {"type": "string", "description": "how others reach the public side"}
      }
    },
    "listen": {
      "type": "array", "description": "needed unless the zone is data",
      "items": {
        "type": "object", "additionalProperties": false,
        "properties": {
          "address": {"type": "string", "default": "127.0.0.1"},
          "port": {"type": "integer", "minimum": 0, "maximum": 65535, "default": 0, "description": "0 takes a free one"},
          "serves": {"enum": ["public", "internal"], "default": "public"},
          "tls": {
            "type": "object", "additionalProperties": false, "required": ["certificate", "private_key"],
            "properties": {
              "certificate": {"type": "string", "description": "PEM, leaf first"},
              "private_key": {"type": "string", "description": "PEM, without passphrase"},
              "client_ca": {"type": "string", "description": "who signs the certificates of callers"},
              "client_certificates": {"enum": ["none", "wanted", "required"], "default": "none"}
            }
          }
        }
      }
    },
    "tls": {
      "type": "object", "additionalProperties": false,
      "description": "narrows what TLS connections speak, in and out; all that eDelivery AS4 allows when left out, 1.3 preferred",
      "properties": {
        "minimum_version": {"enum": ["1.2", "1.3"], "default": "1.2"},
        "suites": {
          "type": "array", "minItems": 1, "description": "in the order of preference; a version without a suite is not spoken",
          "items": {"enum": ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_AES_128_CCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", "TLS_ECDHE_ECDSA_WITH_AES_256_CCM"]}
        },
        "groups": {"type": "array", "minItems": 1, "description": "for the key agreement",
                   "items": {"enum": ["x25519", "secp256r1", "secp384r1", "secp521r1", "x448"]}}
      }
    },
    "store": {"type": "object", "additionalProperties": false, "required": ["folder"],
              "properties": {"folder": {"type": "string"},
                             "message_bytes_days": {"type": "integer", "minimum": 1, "maximum": 36500, "description": "payloads and messages as they travelled are deleted so long after the message is over; the ledger stays. Kept for good when left out"}}},
    "keys": {"type": "object", "additionalProperties": false, "required": ["folder"],
             "properties": {
               "folder": {"type": "string", "description": "filled at first start"},
               "device": {"type": "object", "additionalProperties": false, "required": ["module"],
                          "description": "PKCS#11: AS4 keys that do not leave it; their .key files hold pkcs11: URIs",
                          "properties": {"module": {"type": "string", "description": "library of the device's maker"},
                                         "pin": {"$ref": "#/$defs/secret"}}}}},
    "accounts": {"type": "string", "description": "file of local accounts to begin with"},
    "policy_pack": {"type": "string", "description": "file with the rules of the country; needed by a national node, in a data zone with health_data"},
    "authority": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "name": {"type": "string", "description": "who decides; the node's name when left out"},
        "signing_key": {"type": "string", "description": "Ed25519, PEM; authority.key of the keys when left out"}
      }
    },
    "catalogue": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "records": {"type": "string", "description": "folder of dataset records that are read at start"},
        "release": {"type": "string", "default": "r8"}
      }
    },
    "partners": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "file": {"type": "string", "description": "who they are"},
        "pmodes": {"type": "string", "description": "folder of P-Modes"},
        "routing": {"enum": ["star", "mesh"], "default": "star"},
        "dns_server": {"type": "string", "description": "who is asked where partners are, as address[:port], IPv4; those of the machine when left out"},
        "private_publishers": {"type": "boolean", "default": false, "description": "publishers and the access points they name may have addresses of this machine and its network; for laboratories, since DNS or a record could name any of them"}
      }
    },
    "access_point": {
      "type": "object", "additionalProperties": false, "description": "who speaks AS4 for this node; itself when left out",
      "properties": {
        "kind": {"enum": ["domibus", "own"], "default": "own", "description": "domibus: messages go and come through the WS plug-in of the Domibus that the country keeps; the others are for it alone"},
        "url": {"type": "string", "description": "of its WS plug-in: https://host/domibus/services/wsplugin"},
        "user": {"type": "string", "description": "of the plug-in"},
        "password": {"$ref": "#/$defs/secret"},
        "ca": {"type": "string", "description": "who signs its TLS certificate; trusted_ca when left out"},
        "look_every_seconds": {"type": "integer", "minimum": 1, "maximum": 3600, "default": 5, "description": "for messages that came there; it may push notices besides"},
        "push": {
          "type": "object", "additionalProperties": false, "required": ["user", "password"], "description": "with which it says who it is when it pushes messages whole (wsplugin.push.auth.username and .password there); none are taken when left out",
          "properties": {"user": {"type": "string", "minLength": 1}, "password": {"$ref": "#/$defs/secret"}}
        }
      }
    },
    "health_data": {
      "type": "array", "description": "never in the edge zone",
      "items": {
        "type": "object", "additionalProperties": false, "required": ["dataset", "profile", "path"],
        "properties": {
          "dataset": {"type": "string", "minLength": 1, "description": "identifier of its record"},
          "profile": {"type": "string", "minLength": 1, "description": "data model: omop-5.4, flat:snds"},
          "engine": {"enum": ["sqlite"], "default": "sqlite"},
          "path": {"type": "string", "minLength": 1}
        }
      }
    },
    "platform": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "kind": {"enum": ["http", "folder"], "default": "http"},
        "url": {"type": "string"},
        "ca": {"type": "string"},
        "token": {"$ref": "#/$defs/secret"}
      }
    },
    "edge": {
      "type": "object", "additionalProperties": false, "required": ["url", "authority_keys"], "description": "of a data zone: where its edge is",
      "properties": {
        "authority_keys": {"type": "string", "description": "JWKS file: who signs the permits that this zone believes"},
        "url": {"type": "string"},
        "ca": {"type": "string"},
        "certificate": {"type": "string", "description": "with which the data zone shows itself"},
        "private_key": {"type": "string"}
      }
    },
    "back_ends": {
      "type": "array", "description": "programs of the country that exchange messages through this node",
      "items": {
        "type": "object", "additionalProperties": false, "required": ["name", "takes"],
        "properties": {
          "name": {"type": "string", "minLength": 1},
          "takes": {
            "type": "array", "minItems": 1, "description": "its messages, both ways; never those the node itself handles",
            "items": {
              "type": "object", "additionalProperties": false, "required": ["service"],
              "properties": {
                "service": {"type": "string", "minLength": 1},
                "actions": {"type": "array", "items": {"type": "string"}, "description": "all when left out"}
              }
            }
          },
          "webhook": {
            "type": "object", "additionalProperties": false, "required": ["url"], "description": "where it is told of events",
            "properties": {
              "kind": {"enum": ["domibus", "events"], "default": "events", "description": "events: JSON, signed; domibus: the SOAP notices that a Domibus pushes (BackendService)"},
              "url": {"type": "string"},
              "secret": {"$ref": "#/$defs/secret", "description": "events: for the signature of each request, always; domibus: the password of its user"},
              "user": {"type": "string", "description": "for domibus alone: Basic authentication; none when left out"},
              "pushes": {
                "type": "array", "minItems": 1, "uniqueItems": true, "default": ["receive_success", "receive_failure", "send_success", "send_failure"],
                "description": "for domibus alone, what it is told; message: each message whole, and it is processed when that was taken",
                "items": {"enum": ["message", "message_status_change", "receive_failure", "receive_success", "send_failure", "send_success"]}
              }
            }
          }
        }
      }
    },
    "trusted_ca": {"type": "string", "description": "who signs the servers we call; the system's store when left out"},
    "clock": {"type": "object", "additionalProperties": false,
              "properties": {"adjustable": {"type": "boolean", "default": false, "description": "true for rehearsals only"}}},
    "limits": {
      "type": "object", "additionalProperties": false,
      "properties": {
        "workers": {"type": "integer", "minimum": 1, "maximum": 256, "default": 8},
        "queue": {"type": "integer", "minimum": 1, "maximum": 100000, "default": 256},
        "connections": {"type": "integer", "minimum": 1, "maximum": 100000, "default": 4096},
        "connections_per_peer": {"type": "integer", "minimum": 1, "maximum": 100000, "default": 512, "description": "of one address (IPv6: one /64); of the memory for public bodies and answers (512 MB), and of the disk for large bodies while they come (16 GB), it may fill an eighth, or this part of connections where that is more. As many as connections behind a proxy that hides addresses"},
        "body_bytes": {"type": "integer", "minimum": 1024, "maximum": 1073741824, "default": 1048576},
        "message_bytes": {"type": "integer", "minimum": 1024, "maximum": 2147483648, "default": 67108864},
        "unproven_at_once": {"type": "integer", "minimum": 1, "maximum": 1000000, "default": 20, "description": "AS4 messages from one address (IPv6: one /64) whose signature proves nothing and which are answered by a signed error; those beyond get 503. Good messages are not counted"},
        "unproven_per_second": {"type": "integer", "minimum": 1, "maximum": 1000000, "default": 2, "description": "how many more of them each second; all addresses together have ten times both"},
        "stop_seconds": {"type": "integer", "minimum": 0, "maximum": 3600, "default": 20}
      }
    }
  },
  "$defs": {
    "secret": {
      "oneOf": [
        {"type": "object", "additionalProperties": false, "required": ["file"], "properties": {"file": {"type": "string"}}},
        {"type": "object", "additionalProperties": false, "required": ["env"], "properties": {"env": {"type": "string"}}}
      ]
    }
  }
}
)schema";

}  // namespace

std::string_view configuration_schema() { return published; }

}  // namespace ehds::node::config
