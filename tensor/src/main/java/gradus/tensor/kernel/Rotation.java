package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;

/// How the rows of a tensor are rotated: row r by the angles of `positions[r mod positions.length]`, every
/// head alike.
///
/// @param cos       (P, D/2), the cosine of every angle by position, times a factor if so wished
/// @param sin       (P, D/2), the sine likewise
/// @param positions a row of the tables for each row of the tensor, over again for each sequence
/// @param heads     N, how many heads of D channels a row holds
/// @param headDim   D
/// @param backwards whether to rotate the other way, as gradients do
public record Rotation(
        Buffer cos, Buffer sin, int[] positions, int heads, int headDim, RopePairs pairs, boolean backwards) {

    /// How many elements a row has.
    public int columns() {
        return heads * headDim;
    }
}
