#!/bin/sh
# 把程序和全部依赖打成一个包，供不联网的机器安装：sh deploy/bundle.sh .venv/bin
# 包里是当前提交的文件（不含 .git、tests）、按校验和下载的 wheel、以及清单 SHA256SUMS。
# 目标机器须与本机的操作系统、处理器和 Python 版本（3.11）相同。
set -eu
bin=$1
version=$(git rev-parse --short HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=dashboard-$version
mkdir -p "$work/$name" dist
git archive HEAD | tar -x -C "$work/$name"
rm -rf "$work/$name/tests" "$work/$name/benchmarks" "$work/$name/driver"
"$bin/python" -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    -r requirements.txt -d "$work/$name/wheels"
(cd "$work/$name" && find . -type f ! -name SHA256SUMS | sort | xargs sha256sum > SHA256SUMS)
tar -C "$work" -czf "dist/$name.tar.gz" "$name"
echo "dist/$name.tar.gz"
