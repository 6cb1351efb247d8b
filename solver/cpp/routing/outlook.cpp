#include "outlook.h"

namespace servicenet::routing {

Outlook::Outlook(const Problem& problem) : problem_(problem) {}

void Outlook::begin(const Plan& plan, const std::vector<int>& visits, Cost most) {
  most_ = most;
  waiting_ = 0;
  for (const int visit : visits) {
    if (plan.is_absent(visit)) waiting_ += penalty(visit);
  }
}

Cost Outlook::room_for(const Plan& plan, int visit) {
  waiting_ -= penalty(visit);
  return most_ - (plan.cost() - waiting_ - penalty(visit));
}

}  // namespace servicenet::routing
