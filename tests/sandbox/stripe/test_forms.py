"""Reading Stripe's form encoding: what becomes of pairs, and which shapes are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.sandbox.stripe import forms
from bountyhub.sandbox.stripe.errors import ApiError

SCHEMA: forms.Schema = {
    "amount": forms.whole(1, required=True),
    "expand": forms.many(forms.text()),
    "items": forms.many(forms.group({"name": forms.text(10, required=True), "sure": forms.flag()})),
    "metadata": forms.metadata(),
    "created": forms.moment_range(),
}


def test_nested_pairs_become_nested_values() -> None:
    form = "amount=5&items[0][name]=a&items[0][sure]=true&items[1][name]=b%20c&metadata[k]=v&expand[]=x&expand[]=y"
    assert forms.read(SCHEMA, forms.decode(form)) == {
        "amount": 5,
        "items": [{"name": "a", "sure": True}, {"name": "b c"}],
        "metadata": {"k": "v"},
        "expand": ["x", "y"],
    }


def test_items_keep_their_order_beyond_ten() -> None:
    form = "amount=1&" + "&".join(f"expand[{number}]=e{number}" for number in reversed(range(12)))
    assert forms.read(SCHEMA, forms.decode(form))["expand"] == [f"e{number}" for number in range(12)]


def test_a_moment_is_a_range_of_one_second() -> None:
    assert forms.read(SCHEMA, forms.decode("amount=1&created=7"))["created"] == {"gte": 7, "lte": 7}
    assert forms.read(SCHEMA, forms.decode("amount=1&created[gt]=7"))["created"] == {"gt": 7}


def test_an_empty_metadata_value_unsets_its_key() -> None:
    assert forms.read(SCHEMA, forms.decode("amount=1&metadata[a]=&metadata[b]=c"))["metadata"] == {"b": "c"}
    assert forms.read(SCHEMA, forms.decode("amount=1&metadata="))["metadata"] == {}


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ("", "amount"),
        ("amount=1&expand=all", "expand"),
        ("amount=1&expand[a]=all", "expand"),
        ("amount=1&items[0]=x", "items[0]"),
        ("amount=1&items[0][sure]=true", "items[0][name]"),
        ("amount=1&items[0][name]=x&items[0][sure]=yes", "items[0][sure]"),
        ("amount=1&items[0][name]=01234567890", "items[0][name]"),
        ("amount=1&metadata=text", "metadata"),
        ("amount=1&metadata[a][b]=1", "metadata[a]"),
        ("amount=1&metadata[a]=" + "v" * 501, "metadata[a]"),
        ("amount=1&" + "&".join(f"metadata[k{number}]=v" for number in range(51)), "metadata"),
        ("amount=1&created[on]=1", "created[on]"),
        ("amount=1&created[gt]=soon", "created[gt]"),
        ("amount=1&amount[x]=1", "amount[x]"),
        ("amount=1&other=1", "other"),
    ],
)
def test_wrong_shapes_name_their_parameter(form: str, param: str) -> None:
    with pytest.raises(ApiError) as refused:
        forms.read(SCHEMA, forms.decode(form))
    assert refused.value.param == param
    assert not refused.value.saved


@given(st.text(alphabet="ab[]=&0%", max_size=40))
def test_whatever_is_sent_is_read_or_refused(form: str) -> None:
    try:
        assert isinstance(forms.read(SCHEMA, forms.decode(form)), dict)
    except ApiError as refused:
        assert refused.status == 400
