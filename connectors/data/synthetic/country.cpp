#include "connectors/data/synthetic/country.hpp"

#include <array>
#include <string>

namespace ehds::connectors::synthetic {
namespace {

constexpr std::array finland = {
    region{"FI19", "Länsi-Suomi", 1380}, region{"FI1B", "Helsinki-Uusimaa", 1750},
    region{"FI1C", "Etelä-Suomi", 1140}, region{"FI1D", "Pohjois- ja Itä-Suomi", 1280},
    region{"FI20", "Åland", 30},
};
constexpr std::array denmark = {
    region{"DK01", "Hovedstaden", 1890}, region{"DK02", "Sjælland", 850},    region{"DK03", "Syddanmark", 1240},
    region{"DK04", "Midtjylland", 1370}, region{"DK05", "Nordjylland", 590},
};
constexpr std::array france = {
    region{"FR1", "Île-de-France", 12400},
    region{"FRB", "Centre-Val de Loire", 2570},
    region{"FRC", "Bourgogne-Franche-Comté", 2790},
    region{"FRD", "Normandie", 3320},
    region{"FRE", "Hauts-de-France", 5980},
    region{"FRF", "Grand Est", 5560},
    region{"FRG", "Pays de la Loire", 3900},
    region{"FRH", "Bretagne", 3450},
    region{"FRI", "Nouvelle-Aquitaine", 6130},
    region{"FRJ", "Occitanie", 6150},
    region{"FRK", "Auvergne-Rhône-Alpes", 8240},
    region{"FRL", "Provence-Alpes-Côte d'Azur", 5200},
    region{"FRM", "Corse", 355},
};
constexpr std::array countries = {
    country{"FI", "Finland", finland, 118, 115, 115, 80},
    country{"DK", "Denmark", denmark, 92, 95, 100, 95},
    country{"FR", "France", france, 96, 85, 90, 125},
};

}  // namespace

result<country> find_country(std::string_view code) {
  for (auto const& known : countries)
    if (known.code == code) return known;
  return problem{"connectors.synthetic.country", "No population is known for the country '" + std::string{code} + "'.",
                 "--country", "Use FI, DK or FR."};
}

}  // namespace ehds::connectors::synthetic
