"""Toy technician problems: two technicians, two requests; one text with matrices."""

TRSP = """TOY

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
2       2       1       2

DEPOT TECHNICIANS AND REQUESTS
ID   X     Y     TWS     TWE    Serv     SKILLS   TOOLS    SPARE PARTS
0    0     0     0      100    0      [] \t[] \t[]
1    3     4     0      100    0      [0] \t[] \t[1,0]
2    0     8     0      100    0      [0,1] \t[0] \t[0,0]
3    3     0     20     30     5      [0] \t[] \t[1,0]
4    6     8     0      50     10     [0] \t[0] \t[1,0]
"""

REAL = """REAL

INFO
CREW COUNT  SKILLS    TOOLS   SPARE PARTS
1   0   0   0

DEPOT TECHNICIANS AND REQUESTS
ID   X   Y   TWS   TWE   Serv  SKILLS  TOOLS  SPARE PARTS
0  0.0  0.0  420.0  1140.0  0.0 \t[] \t[] \t[]
1  0.0  0.0  420.0  1140.0  0.0 \t[] \t[] \t[]
2  0.0  0.0  465.0  480.0  45.0 \t[] \t[] \t[]
DISTANCES
0;0.0;0.0;7.5;0.0;0.0
1;0.0;0.0;7.5;0.0;0.0
2;8.5;8.5;0.0;8.5;8.5
3;0.0;0.0;7.5;0.0;0.0
4;0.0;0.0;7.5;0.0;0.0
TRAVEL TIMES
0;0.0;0.0;10.5;0.0;0.0
1;0.0;0.0;10.5;0.0;0.0
2;12.0;12.0;0.0;12.0;12.0
3;0.0;0.0;10.5;0.0;0.0
4;0.0;0.0;10.5;0.0;0.0
"""
