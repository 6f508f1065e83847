"""What people, places, works and products of the world are called. Dev has names of its own."""

from __future__ import annotations

from dataclasses import dataclass

from tests.data.generator.grammar import words


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one split; no two splits have one in common."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    towns: tuple[str, ...]
    colours: tuple[str, ...]
    """First halves of titles and signs: "Silver" in "The Silver Orchard"."""
    nouns: tuple[str, ...]
    """Second halves of titles and signs."""
    brands: tuple[str, ...]


TRAIN = Names(
    women=words("""
        Ada Agnes Alma Anna Bella Carla Clara Dora Edith Ella Emma Flora Freda Grace Greta Hanna Helen Ida Iris Jane
        Julia Karen Laura Lena Lucy Maria Marta Mira Nadia Nora Olga Paula Petra Rosa Ruth Sara Selma Tess Vera Zoe
    """),
    men=words("""
        Adam Albert Anton Ben Carl Cem Daniel David Edgar Emil Felix Frank George Gus Hans Henry Hugo Ivan Jack Jonas
        Karim Leo Louis Martin Max Milo Nico Noah Oscar Otto Paul Peter Ravi Robert Samuel Simon Theo Tom Victor
        Walter
    """),
    surnames=words("""
        Abbott Archer Baker Barlow Becker Bell Berg Bishop Brandt Carver Castle Chapman Cole Costa Cross Dale Dawson
        Fischer Fisher Ford Fox Gardner Grant Gray Hale Hall Hansen Harper Hart Hill Holm Hunt Keller Kent King Lane
        Larsen Lind Long Marsh Mason Meyer Miller Moore Moss Novak Olsen Page Palmer Park Pereira Porter Reed Rivera
        Rossi Shaw Silva Singh Stone Swift Turner Vogel Wagner Walsh Ward Weber West Wolf Wood Young
    """),
    towns=words("""
        Alderby Ashford Brookfield Castleton Eastport Fairview Greendale Hillcrest Kingsbridge Lakeside Milltown
        Northgate Oakham Riverton Stonebridge Westhaven
    """),
    colours=words("""
        Amber Broken Burning Copper Distant Empty Golden Green Hidden Iron Last Lost Northern Old Paper Red Secret
        Seventh Silent Silver Sleeping Small White Winter
    """),
    nouns=words("""
        Anchor Bell Bridge Compass Crow Door Fountain Fox Garden Harbour Island Key Ladder Lantern Letter Map Mirror
        Moon Orchard Raven River Road Rose Sailor Summer Tower Train Window
    """),
    brands=words("""
        Arden Bolt Corvo Delta Fenn Halden Juno Kestrel Lumen Marlow Norvik Orbit Pella Quill Rowan Solo Tarn Umber
        Vista Wren
    """),
)

DEV = Names(
    women=words("""
        Beatrice Camille Diana Elena Fatima Ingrid Joan Leila Monica Sophie Teresa Yasmin
    """),
    men=words("""
        Arthur Boris Conrad Dmitri Eric Fred Gabriel Ibrahim Jacob Kurt Marco Stefan
    """),
    surnames=words("""
        Adler Bennett Brooks Craig Duncan Ellis Fleming Garcia Hughes Jensen Kowalski Lambert Morgan Nash Parker Quinn
        Russell Schmidt Taylor Underwood Vance Wells
    """),
    towns=words("Bayview Clifton Elmwood Highfield Newbury Southwick"),
    colours=words("Blue Crystal Forgotten Little Midnight Painted Quiet Wandering"),
    nouns=words("Candle Forest Heron Lighthouse Meadow Piano Ship Swan Valley Wheel"),
    brands=words("Avon Crest Ember Linnet Nimbus Polar Saxon Zephyr"),
)
