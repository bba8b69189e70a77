/// `gradus lab capacity`: how many bits of knowledge a parameter holds.
package gradus.lessons.lab.capacity;
