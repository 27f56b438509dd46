;; Which products of a row are above a bound: its own, or that of their column. Four at a time; nearly always there are none.
;; Compiled by scripts/kernels.mjs.
(module
  (import "env" "memory" (memory 1))

  ;; Writes the numbers of the columns to `hits`, in order, as i32, and gives their count. Addresses in bytes.
  (func (export "above")
    (param $products i32) (param $bounds i32) (param $length i32) (param $own f32) (param $hits i32) (result i32)
    (local $owns v128) (local $j i32) (local $end i32) (local $four i32) (local $found i32)
    (local $p v128) (local $product f32)
    (local.set $owns (f32x4.splat (local.get $own)))
    (local.set $found (local.get $hits))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $j) (local.get $length)))
      (local.set $end (i32.add (local.get $j) (i32.const 4)))
      (if (i32.le_u (local.get $end) (local.get $length))
        (then
          (local.set $four (i32.shl (local.get $j) (i32.const 2)))
          (local.set $p (v128.load (i32.add (local.get $products) (local.get $four))))
          (if (i32.eqz (v128.any_true (v128.or
                (f32x4.gt (local.get $p) (local.get $owns))
                (f32x4.gt (local.get $p) (v128.load (i32.add (local.get $bounds) (local.get $four)))))))
            (then
              (local.set $j (local.get $end))
              (br $next))))
        (else (local.set $end (local.get $length))))
      (loop $one
        (local.set $four (i32.shl (local.get $j) (i32.const 2)))
        (local.set $product (f32.load (i32.add (local.get $products) (local.get $four))))
        (if (i32.or
              (f32.gt (local.get $product) (local.get $own))
              (f32.gt (local.get $product) (f32.load (i32.add (local.get $bounds) (local.get $four)))))
          (then
            (i32.store (local.get $found) (local.get $j))
            (local.set $found (i32.add (local.get $found) (i32.const 4)))))
        (local.set $j (i32.add (local.get $j) (i32.const 1)))
        (br_if $one (i32.lt_u (local.get $j) (local.get $end))))
      (br $next)))
    (i32.shr_u (i32.sub (local.get $found) (local.get $hits)) (i32.const 2))))
