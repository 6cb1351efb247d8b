"""A toy VRPTW with two customers, in both formats."""

SOLOMON = """TOY

VEHICLE
NUMBER     CAPACITY
  3         20

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0          0          0          0        100          0
    1      3          4         10         20         30         10
    2      1          1         15          0        200         10
"""

VRPLIB = """NAME : TOY
TYPE : VRPTW
DIMENSION : 3
VEHICLES : 3
CAPACITY : 20
SERVICE_TIME : 10
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 1 1
DEMAND_SECTION
1 0
2 10
3 15
TIME_WINDOW_SECTION
1 0 100
2 20 30
3 0 200
DEPOT_SECTION
1
-1
EOF
"""
