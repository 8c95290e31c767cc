"""Addresses placed by the town's names; what is not certain is listed, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.registry.gazetteer import Gazetteer, Standing, normalise
from liangxin.registry.town import Area, Town

TOWN = Town(
    "柳溪镇",
    "990000101",
    (
        Area("A1", "第一工作片", "work_area"),
        Area("A2", "第二工作片", "work_area"),
        Area("V1", "上杨村", "village", "A1", aliases=("老杨坞村", "镇前路")),
        Area("V2", "长安村", "village", "A1"),
        Area("V3", "石桥村", "village", "A2", aliases=("石桥镇",)),
        Area("V4", "太平村", "village", "A1"),
        Area("V5", "太平村", "village", "A2"),
        Area("V6", "无片村", "village", None),
        Area("C1", "桥东社区", "community", "A2"),
        Area("P1", "柳溪工业园区", "park", "A1", aliases=("工业园区", "工业功能区")),
        Area("P2", "工业园区东片", "park_area", "P1"),
        Area("M1", "柳溪五金市场", "market", "A2", aliases=("五金市场",)),
    ),
)
ADDRESSES = [
    *["某江省某州市柳县柳溪镇上杨村"] * 5,
    "某江省某州市柳县青石镇河西村",
    "柳县青石镇南街3号",
    "柳县白鹭街道大屋村",
    "柳县红叶乡",
]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(TOWN, ADDRESSES)


@pytest.mark.parametrize(
    ("address", "area", "village", "park", "venue"),
    [
        ("某江省某州市柳县柳溪镇上杨村12号", "A1", "V1", None, None),
        ("柳县柳溪镇 上杨村", "A1", "V1", None, None),
        ("柳溪镇上杨", "A1", "V1", None, None),
        ("柳县柳溪镇老杨坞村（变）", "A1", "V1", None, None),
        ("柳县柳溪镇镇前路７号", "A1", "V1", None, None),
        ("柳县柳溪镇（原老杨坞村）", "A1", "V1", None, None),
        ("柳县石桥镇", "A2", "V3", None, None),
        ("柳县柳溪镇工业园区(上杨)", "A1", "V1", "P1", None),
        ("柳县柳溪镇工业园区东片3号", "A1", None, "P2", None),
        ("柳县柳溪工业园区", "A1", None, "P1", None),
        ("柳县柳溪镇五金市场12号", "A2", None, None, "M1"),
        ("柳县柳溪镇桥东社区", "A2", "C1", None, None),
        ("柳县柳县柳溪镇上杨村", "A1", "V1", None, None),
    ],
)
def test_placed(
    gazetteer: Gazetteer, address: str, area: str, village: str | None, park: str | None, venue: str | None
) -> None:
    """Prefixes with or without, remarks, former names, aliases, brackets; the longest name wins."""
    found = gazetteer.place(address)
    assert found.standing is Standing.PLACED
    assert (found.area, found.village, found.park, found.venue) == (area, village, park, venue)


@pytest.mark.parametrize(
    ("address", "standing", "word"),
    [
        ("柳县柳溪镇", Standing.TOWN_ONLY, ""),
        ("柳县柳溪镇3号", Standing.TOWN_ONLY, ""),
        ("柳县柳溪镇长安路3号", Standing.UNKNOWN_PLACE, "长安路"),
        ("柳县柳溪镇新建村", Standing.UNKNOWN_PLACE, "新建村"),
        ("柳县柳溪镇大石桥村", Standing.UNKNOWN_PLACE, "大石桥村"),
        ("柳县柳溪镇无片村", Standing.UNKNOWN_PLACE, "无片村"),
        ("柳县柳溪镇太平村", Standing.AMBIGUOUS, "太平村"),
        ("柳县柳溪镇工业园区(石桥)", Standing.AMBIGUOUS, "工业园区、石桥"),
        ("柳县龙盛路59号", Standing.NO_TOWN, "龙盛路"),
        ("上杨村12号", Standing.NO_TOWN, "上杨村"),
        ("", Standing.NO_ADDRESS, ""),
        ("N/A", Standing.NO_ADDRESS, ""),
    ],
)
def test_not_placed_and_why(gazetteer: Gazetteer, address: str, standing: Standing, word: str) -> None:
    """A road is no village, a longer name is another village, one name in two areas is not decided."""
    found = gazetteer.place(address)
    assert (found.standing, found.word) == (standing, word)
    assert found.area is None
    assert found.reason.zh
    assert found.reason.en


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("柳县青石镇上杨村", "青石镇"),
        ("柳县青石镇南街3号", "青石镇"),
        ("柳县青石工业功能区B区", "青石"),
        ("白鹭街道大屋村", "白鹭街道"),
        ("柳县红叶乡", "红叶乡"),
        ("柳县经济开发区兴业路8号", "经济开发区"),
        ("柳县经济开发区(青石)C区", "青石"),
        ("某江省别州市西水区文一路1号", "别州市西水区"),
        ("某江省某州市松县柳溪镇上杨村", "松县"),
    ],
)
def test_other_towns_are_out_and_named(gazetteer: Gazetteer, address: str, place: str) -> None:
    """Told by pattern, by what the export itself names, and by another county although its town has our name."""
    found = gazetteer.place(address)
    assert (found.standing, found.word) == (Standing.OTHER_TOWN, place)
    assert found.reason.zh == f"不在本镇：{place}"


def test_a_zone_with_a_place_of_the_town_is_not_put_out(gazetteer: Gazetteer) -> None:
    assert gazetteer.place("柳县经济开发区上杨村").standing is Standing.NO_TOWN


def test_normalise_takes_off_what_registries_add() -> None:
    assert normalise("柳县 柳溪镇（变）上杨村１２号（住所申报）") == "柳县柳溪镇上杨村12号"


@given(
    st.text(alphabet="某江省州市柳县溪镇上杨村长安路石桥工业园区()（）原太平12号街道乡开发 N/A", max_size=30)
)
def test_any_address_gets_one_standing_and_an_area_only_when_placed(address: str) -> None:
    found = Gazetteer(TOWN, ADDRESSES).place(address)
    assert (found.standing is Standing.PLACED) == (found.area is not None)
    assert {found.area, found.village, found.park, found.venue} - {None} <= {area.id for area in TOWN.areas}
