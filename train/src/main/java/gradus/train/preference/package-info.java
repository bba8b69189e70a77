/// Learning from preferences: pairs of answers of which people chose one, or answers that are good or bad by
/// themselves; a reward model that scores answers, and direct preference optimisation and its unpaired kin,
/// which need none.
package gradus.train.preference;
