package gradus.lessons.lab.rules;

import java.util.List;

/// A question of a test.
///
/// @param context what stands before it; empty for none
/// @param chain   the question
/// @param answer  the symbol that counts as right
record Asked(List<Rule> context, Chain chain, int answer) {
    Asked {
        context = List.copyOf(context);
    }

    Asked withAnswer(int other) {
        return new Asked(context, chain, other);
    }
}
