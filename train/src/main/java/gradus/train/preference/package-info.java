/// Learning from preferences: pairs of answers of which people chose one, a reward model that scores answers by
/// them, and direct preference optimisation, which needs none.
package gradus.train.preference;
