package gradus.lessons.lab.inference;

import java.util.Collections;
import java.util.SortedMap;

/// The roofline of a machine: a pass takes as long as its operations at the peak, or as long as its bytes from
/// memory, whichever is longer. Williams, Waterman & Patterson 2009, *Roofline: an insightful visual performance
/// model*.
///
/// @param bandwidth bytes a second
/// @param reached   operations a second of products of so many rows, and of those with quantised weights
/// @param overhead  seconds of a pass in which there is nothing to compute
record Roof(double bandwidth, SortedMap<Products, Double> reached, double overhead) {
    /// The most operations a second, of any products.
    double peak() {
        return Collections.max(reached.values());
    }

    /// Operations for a byte from which on the peak is the bound.
    double ridge() {
        return peak() / bandwidth;
    }

    /// Seconds of the classical roofline.
    double seconds(PassCost cost) {
        return Math.max(cost.flops() / peak(), cost.bytes() / bandwidth);
    }

    /// Seconds with two lower ceilings, both measured apart from the pass: products of few rows and those of
    /// quantised weights reach less than the peak, and calls cost time even where there is nothing to compute.
    ///
    /// @param products of the pass; of 0 rows for attention alone, which has neither
    double lowered(PassCost cost, Products products) {
        if (products.rows() == 0) {
            return seconds(cost);
        }
        return overhead + Math.max(cost.flops() / reached.get(products), cost.bytes() / bandwidth);
    }

    /// Whether memory is the bound.
    boolean byMemory(PassCost cost) {
        return cost.intensity() < ridge();
    }
}
