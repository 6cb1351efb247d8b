// 2-opt*: two routes exchange what they do after a cut (Potvin & Rousseau 1995), or one route is cut
// in two, the later part going to an empty vehicle. Ruin and recreate moves a few visits at a time
// and hardly ever finds either on long routes.
#pragma once

#include <vector>

#include "neighborhood.h"
#include "plan.h"
#include "random.h"

namespace servicenet::routing {

class Tails {
 public:
  Tails(const Problem& problem, Neighborhood& neighborhood);

  // Exchanges the tails that cost least where a visit drawn at random comes to stand beside one of
  // its neighbors. False if there is no such exchange; the plan is then to be rolled back.
  bool apply(Plan& plan, Random& random);

 private:
  // Vehicle `a` keeps what stands before node `p` and takes over what `b` has from node `q` on, and
  // the other way round.
  struct Cut {
    int a = -1;
    int p = 0;
    int b = -1;
    int q = 0;
    Cost delta = kInfinite;  // by travel alone
  };

  void list_cuts(const Plan& plan, int visit);
  void consider(const Plan& plan, Cut cut, Cut& best) const;
  void consider_empty(const Plan& plan, Random& random, int vehicle, int position,
                      Cut& best) const;
  Cost price_of_taking(const Plan& plan, int keeper, int before, int giver, int from) const;
  bool in_time(const Plan& plan, int keeper, int before, int giver, int from) const;
  bool takes(const Plan& plan, int keeper, int before, int giver, int from) const;
  bool carry_out(Plan& plan, const Cut& cut);
  void collect(const Route& route, int from, int taker, std::vector<int>& visits,
               std::vector<Node>& block) const;
  bool append(Plan& plan, int vehicle, const std::vector<Node>& block) const;
  bool is_exact(const Cut& cut) const;

  const Problem& problem_;
  Neighborhood& neighborhood_;
  bool usable_;
  std::vector<Cut> cuts_;
  std::vector<int> visits_of_a_;
  std::vector<int> visits_of_b_;
  std::vector<Node> block_for_a_;
  std::vector<Node> block_for_b_;
};

}  // namespace servicenet::routing
