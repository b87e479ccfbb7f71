"""The booklet of an area, 政策一本通: to print and to hand out."""
