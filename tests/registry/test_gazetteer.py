"""Addresses placed by the town's names; what is not certain is listed, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.registry.addresses import normalise
from liangxin.registry.gazetteer import Gazetteer, Standing
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
        ("柳县柳溪镇太平村", Standing.AMBIGUOUS, "太平村"),
        ("柳县柳溪镇工业园区(石桥)", Standing.AMBIGUOUS, "工业园区、石桥"),
        ("柳县龙盛路59号", Standing.NO_TOWN, "龙盛路"),
        ("柳县经济开发区兴业路8号", Standing.NO_TOWN, "经济开发区"),
        ("某江省别州市西水区文一路1号", Standing.UNSURE_TOWN, "别州市西水区"),
        ("某江省某州市松县柳溪镇上杨村", Standing.UNSURE_TOWN, "松县柳溪镇"),
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


def test_a_village_of_no_work_area_is_placed_and_said_so(gazetteer: Gazetteer) -> None:
    found = gazetteer.place("柳县柳溪镇无片村")
    assert (found.standing, found.area, found.village) == (Standing.PLACED, None, "V6")
    assert "没有写它属于哪个工作片" in found.reason.zh


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("柳县青石镇上杨村", "青石镇"),
        ("柳县青石镇南街3号", "青石镇"),
        ("柳县青石工业功能区B区", "青石"),
        ("白鹭街道大屋村", "白鹭街道"),
        ("柳县红叶乡", "红叶乡"),
        ("柳县经济开发区(青石)C区", "青石"),
    ],
)
def test_other_towns_are_out_and_named(gazetteer: Gazetteer, address: str, place: str) -> None:
    """A county that the divisions lack: known are the towns that the export writes after its name."""
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
    assert (found.standing is Standing.PLACED) == ((found.area or found.village or found.park) is not None)
    assert {found.area, found.village, found.park, found.venue} - {None} <= {area.id for area in TOWN.areas}


CHANGLE = Town(
    "长乐镇",
    "330683101",
    (Area("V1", "水竹村", "village"), Area("V2", "长乐六村", "village"), Area("V3", "太平村", "village")),
)
QIANQING = Town("钱清街道", "330603009", (Area("V1", "江墅村", "village"),))
OTHER = Standing.OTHER_TOWN


@pytest.mark.parametrize(
    ("address", "standing", "word"),
    [
        ("嵊州市长乐镇水竹村1号", Standing.PLACED, "水竹村"),
        ("浙江省绍兴市嵊州市长乐镇水竹村1号", Standing.PLACED, "水竹村"),
        ("浙江省浙江省嵊州市长乐镇水竹村", Standing.PLACED, "水竹村"),
        ("浙江嵊州长乐镇水竹村", Standing.PLACED, "水竹村"),
        ("绍兴嵊州市长乐镇水竹村", Standing.PLACED, "水竹村"),
        ("嵊县长乐镇水竹村", Standing.PLACED, "水竹村"),
        ("长乐镇水竹", Standing.PLACED, "水竹"),
        ("长乐水竹村", Standing.PLACED, "水竹村"),
        ("嵊州市长乐乡水竹村", Standing.PLACED, "水竹村"),
        ("嵊州市长乐镇六村", Standing.PLACED, "六村"),
        ("嵊州市长乐镇绍兴路3号", Standing.UNKNOWN_PLACE, "绍兴路"),
        ("嵊州市甘霖镇太平村", OTHER, "甘霖镇"),
        ("嵊州市暨甘霖镇", OTHER, "甘霖镇"),
        ("嵊州甘霖工业区", OTHER, "甘霖"),
        ("嵊州市北漳镇北漳村", OTHER, "北漳镇"),
        ("嵊州市经济开发区(三界)下市头", OTHER, "三界"),
        ("诸暨市街亭镇街亭村", OTHER, "诸暨市"),
        ("诸暨市枫桥镇", OTHER, "诸暨市"),
        ("浙江省杭州市西湖区文一路1号", OTHER, "浙江省杭州市西湖区"),
        ("台州市路桥区路南街道方林村", OTHER, "台州市路桥区"),
        ("浙江省富阳市场口镇", OTHER, "浙江省富阳市"),
        ("湖南省汨罗市长乐镇", OTHER, "湖南省汨罗市"),
        ("绍兴市枫桥镇", OTHER, "诸暨市枫桥镇"),
        ("嵊州市城关镇东南路3号", Standing.UNSURE_TOWN, "城关镇"),
        ("嵊州市开元镇剡源村", Standing.UNSURE_TOWN, "开元镇"),
        ("诸暨市长乐镇水竹村", Standing.UNSURE_TOWN, "诸暨市长乐镇"),
        ("嵊州经济开发区双塔路9号", Standing.NO_TOWN, "经济开发区"),
        ("绍兴路3号", Standing.NO_TOWN, "绍兴路"),
    ],
)
def test_real_divisions(address: str, standing: Standing, word: str) -> None:
    """Written in full, short, doubled, left out, by former names; another place is out only where it is known to be another."""
    found = Gazetteer(CHANGLE).place(address)
    assert (found.standing, found.word) == (standing, word)


@pytest.mark.parametrize(
    ("address", "standing"),
    [
        ("绍兴市柯桥区钱清街道江墅村", Standing.PLACED),
        ("绍兴县钱清镇江墅村", Standing.PLACED),
        ("浙江省绍兴市柯桥区钱清镇江墅村", Standing.PLACED),
        ("绍兴市越城区斗门街道", OTHER),
        ("绍兴县斗门镇", OTHER),
        ("绍兴市柯桥区柯桥经济开发区创意路1号", Standing.NO_TOWN),
        ("绍兴市柯桥区中国轻纺城北市场", Standing.NO_TOWN),
        ("南京市鼓楼区中山路1号", OTHER),
        ("鼓楼区中山路1号", OTHER),
    ],
)
def test_a_district_and_towns_that_became_subdistricts(address: str, standing: Standing) -> None:
    assert Gazetteer(QIANQING).place(address).standing is standing


def test_the_registering_county_settles_a_town_named_without_one() -> None:
    """长乐镇 of 汨罗 was registered there: without a county in the address it is not certain to be ours."""
    gazetteer = Gazetteer(CHANGLE)
    assert gazetteer.place("长乐镇水竹村").standing is Standing.PLACED
    assert gazetteer.place("长乐镇水竹村", "330683").standing is Standing.PLACED
    assert gazetteer.place("长乐镇水竹村", "430681").standing is Standing.UNSURE_TOWN
    assert gazetteer.place("嵊州市长乐镇水竹村", "430681").standing is Standing.PLACED


def test_a_road_of_one_village_is_offered_as_likely_and_not_filled_in() -> None:
    rows = [
        "嵊州市长乐镇水竹村新塘路1号",
        "嵊州市长乐镇水竹村新塘路9号",
        "嵊州市长乐镇水竹村大街",
        "嵊州市长乐镇太平村大街",
    ]
    gazetteer = Gazetteer(CHANGLE, rows)
    found = gazetteer.place("嵊州市长乐镇新塘路20号")
    assert (found.standing, found.village, found.likely) == (Standing.UNKNOWN_PLACE, None, "V1")
    assert gazetteer.place("嵊州市长乐镇大街").likely is None
