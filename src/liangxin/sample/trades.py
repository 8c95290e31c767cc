"""The trades of a town like this one, with their GB/T 4754-2017 classes and the words they put in a unit's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Trade:
    """``code``: four digits of GB/T 4754-2017. ``word`` stands in the unit's name. ``size``: factor on its staff."""

    code: str
    word: str
    association: str | None = None  # id of the association its units join
    size: float = 1.0


MOTOR: Final = "S1"
NECKTIE: Final = "S2"
MACHINERY: Final = "S3"
KITCHEN: Final = "S4"
TEA: Final = "S5"
BAMBOO: Final = "S6"
SELF_EMPLOYED: Final = "S7"
HARDWARE: Final = "S8"

ASSOCIATIONS: Final[tuple[tuple[str, str], ...]] = (
    (MOTOR, "电机行业协会"),
    (NECKTIE, "领带服饰行业协会"),
    (MACHINERY, "机械行业协会"),
    (KITCHEN, "厨具行业协会"),
    (TEA, "茶叶产业协会"),
    (BAMBOO, "竹制品行业协会"),
    (SELF_EMPLOYED, "个体私营企业协会"),
    (HARDWARE, "五金商会"),
)


def association_of(base: str, township: int, townships: int) -> str:
    """The id of a township's own association of this kind: "S1" in a single town, "S1-3" in the third township."""
    return base if townships == 1 else f"{base}-{township + 1}"


FACTORIES: Final[tuple[Trade, ...]] = (
    Trade("3812", "电机", MOTOR, 1.5),
    Trade("3813", "微电机", MOTOR, 1.3),
    Trade("3831", "线缆", MOTOR, 1.0),
    Trade("3462", "风机", MOTOR, 1.2),
    Trade("3854", "厨电", KITCHEN, 1.5),
    Trade("3853", "通风电器", KITCHEN, 1.2),
    Trade("3381", "厨具", KITCHEN, 1.1),
    Trade("3857", "电器配件", KITCHEN, 0.8),
    Trade("1830", "领带", NECKTIE, 1.4),
    Trade("1819", "服装", NECKTIE, 1.4),
    Trade("1742", "丝织", NECKTIE, 1.1),
    Trade("1751", "织造", NECKTIE, 1.1),
    Trade("1761", "针织", NECKTIE, 1.0),
    Trade("3484", "机械零件", MACHINERY, 0.9),
    Trade("3525", "模具", MACHINERY, 0.9),
    Trade("3453", "齿轮", MACHINERY, 1.0),
    Trade("3441", "泵业", MACHINERY, 1.1),
    Trade("3360", "表面处理", MACHINERY, 0.7),
    Trade("3351", "五金", HARDWARE, 0.9),
    Trade("3322", "工具", HARDWARE, 0.9),
    Trade("3482", "紧固件", HARDWARE, 0.8),
    Trade("2041", "竹制品", BAMBOO, 0.8),
    Trade("2120", "竹藤家具", BAMBOO, 0.8),
    Trade("1530", "茶业", TEA, 0.7),
    Trade("2231", "纸箱", None, 0.9),
    Trade("2319", "印刷包装", None, 0.9),
    Trade("2926", "塑料包装", None, 0.9),
    Trade("2110", "家具", None, 0.9),
)
SHOPS: Final[tuple[Trade, ...]] = (
    Trade("5174", "五金", HARDWARE, 0.35),
    Trade("5281", "五金", HARDWARE, 0.25),
    Trade("5132", "服饰", NECKTIE, 0.35),
    Trade("5232", "服装", None, 0.25),
    Trade("5127", "茶叶", TEA, 0.3),
    Trade("5226", "茶行", TEA, 0.2),
    Trade("5175", "电气", MOTOR, 0.35),
    Trade("5292", "电子商务", None, 0.4),
    Trade("5212", "超市", None, 0.5),
    Trade("5223", "果蔬", None, 0.2),
    Trade("6210", "餐饮", None, 0.5),
    Trade("6121", "酒店", None, 0.7),
    Trade("5431", "运输", None, 0.6),
    Trade("8111", "汽车维修", None, 0.4),
    Trade("5012", "装饰", None, 0.6),
    Trade("6513", "软件", None, 0.6),
)
INTERMEDIARIES: Final[tuple[Trade, ...]] = (
    Trade("7231", "律师事务所"),
    Trade("7241", "会计代理所"),
    Trade("7030", "房产中介所"),
    Trade("7262", "职业介绍所"),
)
CIVIL: Final[tuple[Trade, ...]] = (
    Trade("8310", "幼儿园"),
    Trade("8391", "职业培训学校"),
    Trade("8514", "养老服务中心"),
    Trade("8425", "门诊部"),
)
SOCIAL: Final[tuple[Trade, ...]] = (
    Trade("9521", "科技促进会"),
    Trade("9529", "联谊会"),
    Trade("9522", "行业促进会"),
)
COOPERATIVES: Final[tuple[Trade, ...]] = (
    Trade("0164", "茶叶", TEA),
    Trade("0141", "蔬菜"),
    Trade("0151", "水果"),
    Trade("2041", "毛竹", BAMBOO),
)

ALL_TRADES: Final[tuple[Trade, ...]] = FACTORIES + SHOPS + INTERMEDIARIES + CIVIL + SOCIAL + COOPERATIVES
