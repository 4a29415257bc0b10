// What crosses a face, from the states at both sides: sim-core/src/layer/flux.rs.

struct Facing {
    depth: f32,
    normal: f32,
}

struct Through {
    water: f32,
    left: f32,
    right: f32,
}

struct Side {
    depth: f32,
    normal: f32,
    along: f32,
}

struct FaceFlux {
    water: f32,
    left: f32,
    right: f32,
    along: f32,
}

fn most_water(depth: f32, towards: f32, c: f32) -> f32 {
    let critical = larger(towards + 2.0 * c, 0.0) * (1.0 / 3.0);
    let spread_out = critical * critical * critical * (1.0 / GRAVITY);
    return select(depth * towards, spread_out, towards < c);
}

fn face_flux(left: Side, right: Side, rise: f32) -> FaceFlux {
    let face = face_water(left.depth, right.depth, rise);
    let through = hllc(Facing(face.left, left.normal), Facing(face.right, right.normal), face.rise);
    return FaceFlux(
        through.water,
        through.left + face.left_weight,
        through.right + face.right_weight,
        through.water * select(right.along, left.along, through.water > 0.0),
    );
}
