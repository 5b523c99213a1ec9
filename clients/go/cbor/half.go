package cbor

import "math"

// A half is a single whose exponent counts from 15 instead of 127, without the last 13 bits.
const halfScale, halfCut = 0x1p112, 13

// toHalf is exact only where a half can say the number.
func toHalf(number float64) uint16 {
	bits := math.Float32bits(float32(number / halfScale))
	return uint16(bits>>16&0x8000 | bits>>halfCut&0x7fff)
}

func fromHalf(half uint16) float64 {
	if half&0x7c00 == 0x7c00 {
		return math.Inf(1)
	}
	return float64(math.Float32frombits(uint32(half&0x8000)<<16|uint32(half&0x7fff)<<halfCut)) * halfScale
}

// finite is the number itself, which must not be an infinity or no number at all.
func finite(number float64) float64 {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		panic(failure("has a number that is not finite"))
	}
	return number
}
