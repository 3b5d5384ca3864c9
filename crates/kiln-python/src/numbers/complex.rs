//! Complex numbers. Only a broken power of a negative number makes one.

use std::any::Any;
use std::sync::Arc;

use super::{Number, order, printed};
use crate::fault::Result;
use crate::{Args, Fault, FaultKind, Object, Operator, Py, bound};

/// A `complex`.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Complex {
    pub(super) real: f64,
    pub(super) imag: f64,
}

const ONE: Complex = Complex { real: 1.0, imag: 0.0 };

impl Complex {
    fn of(value: &Py) -> Option<Result<Complex>> {
        if let Some(complex) = value.downcast::<Complex>() {
            return Some(Ok(*complex));
        }
        Some(Number::of(value)?.to_float().map(|real| Complex { real, imag: 0.0 }))
    }

    fn is_zero(self) -> bool {
        self.real == 0.0 && self.imag == 0.0
    }

    fn times(self, other: Complex) -> Complex {
        Complex {
            real: self.real * other.real - self.imag * other.imag,
            imag: self.real * other.imag + self.imag * other.real,
        }
    }

    /// The quotient, by the larger part of the divisor so that nothing overflows on the way.
    fn divided_by(self, other: Complex) -> Result<Complex> {
        if other.is_zero() {
            return Err(Fault::new(FaultKind::ZeroDivisionError, "this divides by zero")
                .help("test the divisor first"));
        }
        if other.real.is_nan() || other.imag.is_nan() {
            return Ok(Complex { real: f64::NAN, imag: f64::NAN });
        }
        Ok(if other.real.abs() >= other.imag.abs() {
            let ratio = other.imag / other.real;
            let denominator = other.real + other.imag * ratio;
            Complex {
                real: (self.real + self.imag * ratio) / denominator,
                imag: (self.imag - self.real * ratio) / denominator,
            }
        } else {
            let ratio = other.real / other.imag;
            let denominator = other.real * ratio + other.imag;
            Complex {
                real: (self.real * ratio + self.imag) / denominator,
                imag: (self.imag * ratio - self.real) / denominator,
            }
        })
    }

    /// `self ** exponent`.
    ///
    /// # Errors
    /// `ZeroDivisionError` for a negative or complex power of zero, `OverflowError` if the
    /// result is too large.
    pub(super) fn power(self, exponent: Complex) -> Result<Complex> {
        let whole = exponent.imag == 0.0 && exponent.real.floor() == exponent.real;
        let result = if whole && exponent.real.abs() <= 100.0 {
            let power = self.repeated(exponent.real.abs() as u32);
            if exponent.real > 0.0 { power } else { ONE.divided_by(power)? }
        } else {
            self.polar_power(exponent)?
        };
        if result.real.is_infinite() || result.imag.is_infinite() {
            return Err(Fault::new(FaultKind::OverflowError, "this power is too large for a complex number"));
        }
        Ok(result)
    }

    /// A power by squaring.
    fn repeated(self, exponent: u32) -> Complex {
        let (mut result, mut square, mut left) = (ONE, self, exponent);
        while left > 0 {
            if left % 2 == 1 {
                result = result.times(square);
            }
            left /= 2;
            square = square.times(square);
        }
        result
    }

    fn polar_power(self, exponent: Complex) -> Result<Complex> {
        if exponent.is_zero() {
            return Ok(ONE);
        }
        if self.is_zero() {
            if exponent.imag != 0.0 || exponent.real < 0.0 {
                return Err(Fault::new(
                    FaultKind::ZeroDivisionError,
                    "zero cannot be raised to a negative or complex power",
                ));
            }
            return Ok(Complex { real: 0.0, imag: 0.0 });
        }
        let (size, angle) = (self.real.hypot(self.imag), self.imag.atan2(self.real));
        let (mut length, mut phase) = (size.powf(exponent.real), angle * exponent.real);
        if exponent.imag != 0.0 {
            length /= (angle * exponent.imag).exp();
            phase += exponent.imag * size.ln();
        }
        if phase.is_infinite() {
            return Err(Fault::new(FaultKind::ZeroDivisionError, "this power has no direction"));
        }
        Ok(Complex { real: length * phase.cos(), imag: length * phase.sin() })
    }
}

/// A part of a complex number: without `.0`.
fn part(number: f64) -> String {
    let text = printed::float_repr(number);
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

impl Object for Complex {
    fn type_name(&self) -> &str {
        "complex"
    }

    fn repr(&self) -> Result<String> {
        let imag = part(self.imag);
        if self.real == 0.0 && self.real.is_sign_positive() {
            return Ok(format!("{imag}j"));
        }
        let sign = if imag.starts_with('-') { "" } else { "+" };
        Ok(format!("({}{sign}{imag}j)", part(self.real)))
    }

    fn truth(&self) -> Result<bool> {
        Ok(!self.is_zero())
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(match name {
            "real" => Some(Py::Float(self.real)),
            "imag" => Some(Py::Float(self.imag)),
            "conjugate" => Some(bound(Py::Object(self), "conjugate", conjugate)),
            _ => None,
        })
    }

    fn equals(&self, other: &Py) -> Option<bool> {
        match other.downcast::<Complex>() {
            Some(other) => Some(self == other),
            None => {
                let ordering = order(Number::Float(self.real), Number::of(other)?);
                Some(self.imag == 0.0 && ordering.is_some_and(std::cmp::Ordering::is_eq))
            }
        }
    }

    fn hash(&self) -> Option<u64> {
        let whole = self.real as i64;
        // What equals an integer or a float is hashed as that.
        Some(match self.imag == 0.0 {
            true if whole as f64 == self.real => whole as u64,
            true => self.real.to_bits(),
            false => self.real.to_bits() ^ self.imag.to_bits().rotate_left(32),
        })
    }

    fn operate(&self, operator: Operator, other: &Py, reflected: bool) -> Option<Result<Py>> {
        if matches!(operator, Operator::FloorDiv | Operator::Mod) {
            return None;
        }
        let other = match Complex::of(other)? {
            Ok(other) => other,
            Err(fault) => return Some(Err(fault)),
        };
        let (left, right) = if reflected { (other, *self) } else { (*self, other) };
        let result = match operator {
            Operator::Add => Ok(Complex { real: left.real + right.real, imag: left.imag + right.imag }),
            Operator::Sub => Ok(Complex { real: left.real - right.real, imag: left.imag - right.imag }),
            Operator::Mul => Ok(left.times(right)),
            Operator::Div => left.divided_by(right),
            Operator::Pow => left.power(right),
            Operator::FloorDiv | Operator::Mod => return None,
        };
        Some(result.map(Py::object))
    }

    fn negate(&self) -> Option<Result<Py>> {
        Some(Ok(Py::object(Complex { real: -self.real, imag: -self.imag })))
    }

    fn plus(&self) -> Option<Result<Py>> {
        Some(Ok(Py::object(*self)))
    }

    fn abs(&self) -> Option<Result<Py>> {
        let size = self.real.hypot(self.imag);
        Some(if size.is_infinite() && self.real.is_finite() && self.imag.is_finite() {
            Err(Fault::new(FaultKind::OverflowError, "the absolute value is too large for a float"))
        } else {
            Ok(Py::Float(size))
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn conjugate(receiver: &Py, args: Args) -> Result<Py> {
    args.none("conjugate")?;
    let number = receiver.downcast::<Complex>().copied();
    let number = number.ok_or_else(|| Fault::type_error("this is a method of complex numbers"))?;
    Ok(Py::object(Complex { real: number.real, imag: -number.imag }))
}
