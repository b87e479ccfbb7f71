"""A subsidy by the post is worked out for the people that a question names."""

import pytest

from knowledge.posts import posts_in


@pytest.mark.parametrize(
    ("question", "posts"),
    [
        ("雇了7个人能补多少", 7),
        ("八个人多少", 8),
        ("雇20人补多少", 20),
        ("20个人", 20),
        ("请了三个工人给补几个钱", 3),
        ("那50个呢", 50),
        ("七个岗位多少钱", 7),
        ("招十个人能补两万吗", 10),
        ("签了5个合同能拿多少", 5),
        ("我雇了两个老乡", 2),
        ("一个岗位补多少", 0),
        ("招一个人补多少", 0),
        ("两千块一个岗", 0),
        ("2017年的文件还算数吗", 0),
        ("签1年以上的合同", 0),
        ("3个月补多少", 0),
        ("10万能贷下来不", 0),
        ("雇2个人和雇5个人差多少", 0),
        ("雇了5000个人", 0),
    ],
)
def test_the_number_of_posts_is_heard(question: str, posts: int) -> None:
    assert posts_in(question) == posts
