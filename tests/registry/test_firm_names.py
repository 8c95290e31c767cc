"""The short name (字号) out of a firm's full name, in the shapes that business registers have. All names are made up."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.registry.firm_names import LONGEST, short_name
from liangxin.sample import make_town_like

PLACES = ("暄州市", "暄阳镇", "甘棠镇", "澹湖街道", "水竹村")


@pytest.mark.parametrize(
    ("full", "short"),
    [
        # place, short name, trade, type
        ("暄州市澹砚领带服饰有限公司", "澹砚"),
        ("浙江暄州珂鸢丝织有限公司", "珂鸢"),
        ("浙江省暄州市筠翎机械配件厂", "筠翎"),
        ("暄州霁槿电机股份有限公司", "霁槿"),
        ("浙江榛芷控股集团有限公司", "榛芷"),
        ("暄州市暄阳镇沅汐五金厂", "沅汐"),
        ("暄州市甘棠镇水竹村股份经济合作社", "水竹村"),
        ("暄州弈澍市政园林有限公司", "弈澍"),
        ("暄州琮煦纺织科技有限公司", "琮煦"),
        ("暄州市皓翊针纺织品有限公司", "皓翊"),
        ("浙江堃煜贸易有限责任公司", "堃煜"),
        ("暄州珺玥汽车零部件制造有限公司", "珺玥"),
        # three and four characters
        ("暄州市必昶乐领带有限公司", "必昶乐"),
        ("浙江丹昕依服饰有限公司", "丹昕依"),
        ("暄州天天田园生态农业有限公司", "天天田园"),
        # the place in brackets, before the trade or at the end
        ("珂鸢（暄州）领带服饰有限公司", "珂鸢"),
        ("澹砚(中国)日用品有限公司暄州分公司", "澹砚"),
        ("暄昱电子有限公司（暄州）", "暄昱"),
        # a branch or a shop with its parent's name in front
        ("上海笙韶快运有限公司暄州市甘棠分公司", "笙韶"),
        ("暄州市骞箬百货有限公司石氏润滑油分公司", "骞箬"),
        ("榆琬集团暄州置业有限公司", "榆琬"),
        # households, farms, cooperatives, offices
        ("暄州市檀楹五金经营部", "檀楹"),
        ("暄州市陈漪窗帘加工厂", "陈漪"),
        ("暄州市林珩香榧专业合作社", "林珩"),
        ("暄州澜霁家庭农场", "澜霁"),
        ("浙江漪珩律师事务所", "漪珩"),
        ("暄州市樾棠会计代理所", "樾棠"),
        ("暄州市澹湖街道晨菡幼儿园", "晨菡"),
        ("暄州珩沅网络科技工作室", "珩沅"),
        # signs, letters and spaces as they are typed
        ("暄州 三A 弹簧有限公司", "三A"),
        ("暄州市１８８餐饮店", "188"),
        # a trade that the table does not know, behind one that it does
        ("暄州市瑭双汽车部件有限公司", "瑭双"),
        ("暄州晗侣照明器具厂", "晗侣"),
        # nothing but trades
        ("暄州市金属材料总公司", "金属材料"),
        ("暄州市公路工程公司", "公路工程"),
        # a name that is hardly one
        ("厂", "厂"),
        ("暄州市", "暄州市"),
        ("（）", "（）"),
    ],
)
def test_short_name(full: str, short: str) -> None:
    assert short_name(full, PLACES) == unicodedata.normalize("NFKC", short)


@pytest.mark.parametrize("likeness", ["town", "market", "buildings", "villages", "register"])
def test_the_short_name_of_a_made_up_firm_is_its_brand(likeness: str) -> None:
    """Place, three invented syllables, trade, ending: nearly all of several hundred names give just the syllables."""
    sample = make_town_like(likeness, 400, seed=9)  # type: ignore[arg-type]
    place = sample.town.name[:2]
    names = [name for name in sample.ledger["name"] if len(name) > 7]
    found = [short_name(name, (sample.town.name,)) for name in names]
    right = sum(short == name.removeprefix(place)[:3] for name, short in zip(names, found, strict=True))
    assert right / len(names) > 0.93


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_a_name_that_is_not_too_long(full: str) -> None:
    short = short_name(full, PLACES)
    assert len(short) <= LONGEST
    assert bool(short) == bool("".join(full.split()))
