package gradus.lessons.lab.rules;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

/// The questions of two different functions, those that are trained and those that are held out.
///
/// @param few     what every recipe trains, a part of `many`
/// @param many    what the recipe with more different compositions trains
/// @param heldOut what none trains
record Compositions(List<Chain> few, List<Chain> many, List<Chain> heldOut) {
    private static final int HELD_OUT = 5; // one of so many
    private static final int FEW = 4; // one of so many

    /// A fifth is held out, a quarter is `few`.
    ///
    /// @throws gradus.error.ConfigException if there are fewer than 3 functions or too few symbols
    static Compositions of(int symbols, int functions, Rng rng) {
        require(functions >= 3, "chains of three hops need 3 functions; got %d", functions);
        List<Chain> all = new ArrayList<>();
        for (int x = 0; x < symbols; x++) {
            for (int f = 0; f < functions; f++) {
                for (int g = 0; g < functions; g++) {
                    if (f != g) {
                        all.add(Chain.of(x, f, g));
                    }
                }
            }
        }
        List<Chain> shuffled = Shuffled.of(all, rng.at("compositions"));
        int held = all.size() / HELD_OUT;
        List<Chain> many = shuffled.subList(held, all.size());
        return new Compositions(many.subList(0, all.size() / FEW), many, shuffled.subList(0, held));
    }
}
