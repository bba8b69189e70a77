package gradus.tensor.quant;

import static gradus.error.ConfigException.require;

/// How an element is found by table: with d the scale of its block and q its code, it is `d·levels[q]`,
/// rounded once.
///
/// @param packing where a block keeps the code of which element
/// @param levels  one for each code, 16 or 256; not copied
public record CodeTable(Packing packing, float[] levels) {
    /// Where the code of element i of a block lies.
    public enum Packing {
        /// Byte i.
        BYTES,
        /// Half of byte i/2: the high half for an even i.
        PAIRS,
        /// Half of byte i mod n/2 of a block of n elements: the low half for the first n/2.
        HALVES
    }

    /// As many levels as codes have values.
    public CodeTable {
        int wanted = packing == Packing.BYTES ? 256 : 16;
        require(levels.length == wanted, "code table: %s need %d levels; got %d", packing, wanted, levels.length);
    }
}
