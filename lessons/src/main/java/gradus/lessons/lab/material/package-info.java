/// Models that experiments train once and use again: [gradus.lessons.lab.material.Recipe] says how one is made,
/// [gradus.lessons.lab.material.Material] keeps what was made.
package gradus.lessons.lab.material;
